'use client';
/** What every field of the form works with: the document as it stands, its issues, and the way to change it. */
import { createContext, useContext } from 'react';
import type { FormModel } from '../manifest/form-model.ts';
import type { Path } from '../manifest/locate.ts';
import type { Fix, Manifest, ManifestIssue } from '../manifest/read-manifest.ts';
import type { EditorDevice } from './use-fleet.ts';

export type Change = (text: string) => string;

export interface Editing {
  manifest: Manifest;
  form: FormModel;
  issues: readonly ManifestIssue[];
  /** The YAML cannot be read: the form shows its last good state and waits. */
  disabled: boolean;
  devices: readonly EditorDevice[];
  /** The name of a stored deployment stays. */
  nameIsFixed: boolean;
  edit: (change: Change) => void;
  applyFix: (fix: Fix) => void;
}

export const EditingContext = createContext<Editing | undefined>(undefined);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error('A field of the form stands outside the editor.');
  return editing;
}

/** Issues at `path`, and those below it unless `own`. */
export function useIssuesAt(path: Path, depth: 'own' | 'below' = 'below'): ManifestIssue[] {
  const { issues } = useEditing();
  return issues.filter(
    (issue) =>
      issue.severity !== 'note' &&
      path.every((step, index) => issue.path[index] === step) &&
      (depth === 'below' || issue.path.length === path.length),
  );
}

/** Marks a control, so that the caret of the YAML finds it and it finds its line. */
export const dataPath = (path: Path): string => JSON.stringify(path);
