'use client';
/** Keys of the editor: Mod+S saves the draft, Mod+Enter goes to the review, F8 to a problem, Mod+\ from form to YAML. */
import { useEffect, useRef } from 'react';

interface EditorKeys {
  save: () => void;
  review: (() => void) | undefined;
  nextProblem: () => void;
  toYaml: () => void;
}

export function useEditorKeys(keys: EditorKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const { save, review, nextProblem, toYaml } = latest.current;
      const mod = event.ctrlKey || event.metaKey;
      const inYaml = event.target instanceof Element && event.target.closest('.cm-editor') !== null;
      const act =
        mod && event.key === 's'
          ? save
          : mod && event.key === 'Enter'
            ? review
            : inYaml
              ? undefined
              : event.key === 'F8'
                ? nextProblem
                : mod && event.key === '\\'
                  ? toYaml
                  : undefined;
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    };
    // Before CodeMirror, which has a use for Mod+Enter of its own.
    window.addEventListener('keydown', onKeyDown, { capture: true });
    return () => window.removeEventListener('keydown', onKeyDown, { capture: true });
  }, []);
}
