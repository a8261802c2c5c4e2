'use client';
/** Puts the editor's state together: document, form and every issue there is, from the text and the fleet. */
import { useDeferredValue, useMemo, useRef } from 'react';
import { setIn } from '../manifest/edit-manifest.ts';
import { fleetIssues } from '../manifest/fleet-issues.ts';
import { type FormModel, readForm } from '../manifest/form-model.ts';
import { type Fix, hasErrors, locateIssue, type ManifestIssue, readManifest } from '../manifest/read-manifest.ts';
import type { Editing } from './editing.ts';
import { nameIssues } from './name-issues.ts';
import type { EditorDraft } from './use-draft.ts';
import type { EditorFleet } from './use-fleet.ts';

const ORDER = { error: 0, warning: 1, note: 2 } as const;

export function useEditingState(
  draft: EditorDraft,
  existing: string | undefined,
  fleet: EditorFleet,
): Editing & { blocked: boolean } {
  const { text, change } = draft;
  const manifest = useMemo(() => readManifest(text), [text]);
  const lastForm = useRef<FormModel>(undefined);
  const form =
    useMemo(() => (manifest.readable ? readForm(manifest.value) : lastForm.current), [manifest]) ?? readForm(undefined);
  lastForm.current = form;

  // Typing must not wait for the rest of the fleet.
  const { devices, deployments } = useDeferredValue(fleet);
  const issues = useMemo((): ManifestIssue[] => {
    if (!manifest.readable) return manifest.issues;
    const others = deployments.map((entry) => entry.deployment);
    const found = [
      ...nameIssues(
        form.name,
        existing,
        others.map((other) => other.metadata.name),
      ),
      ...(manifest.deployment ? fleetIssues(manifest.deployment, { devices, deployments: others }) : []),
    ];
    const all = [...manifest.issues, ...found.map((issue) => locateIssue(manifest, issue))];
    return all.sort((a, b) => ORDER[a.severity] - ORDER[b.severity] || a.from - b.from);
  }, [manifest, form.name, existing, devices, deployments]);

  return {
    manifest,
    form,
    issues,
    disabled: !manifest.readable,
    devices: fleet.devices,
    nameIsFixed: existing !== undefined,
    edit: change,
    applyFix: (fix: Fix) => change((now) => setIn(now, fix.path, fix.value)),
    blocked: hasErrors(issues),
  };
}
