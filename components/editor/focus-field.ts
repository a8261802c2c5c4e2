/** Moves between the form and the YAML at the same place: every control carries its path. */
import type { Path } from '../manifest/locate.ts';
import { dataPath } from './editing.ts';

/** Focuses the control of `path`, or of the nearest group around it. */
export function focusField(path: Path): void {
  requestAnimationFrame(() => {
    for (let depth = path.length; depth > 0; depth--) {
      const found = document.querySelector<HTMLElement>(`[data-path="${CSS.escape(dataPath(path.slice(0, depth)))}"]`);
      if (!found) continue;
      for (let folded = found.closest('details'); folded; folded = folded.parentElement?.closest('details') ?? null)
        folded.open = true;
      const control = found.matches('input, select, button') ? found : found.querySelector<HTMLElement>('input, select, button');
      control?.focus();
      return;
    }
  });
}

export function pathOfFocus(): Path | undefined {
  const found = document.activeElement?.closest<HTMLElement>('[data-path]');
  return found?.dataset.path ? (JSON.parse(found.dataset.path) as Path) : undefined;
}
