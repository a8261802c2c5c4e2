/** Rows of a line-by-line comparison, with what is unchanged folded away. Pure. */
import { diffLines } from './line-diff.ts';

export interface DiffRow {
  kind: 'same' | 'added' | 'removed' | 'gap';
  text: string;
  /** Line in the old text, from 1. */
  before?: number;
  /** Line in the new text, from 1. */
  after?: number;
}

const CONTEXT = 3;

export function diffRows(before: string, after: string): DiffRow[] {
  const old = before.replace(/\n$/, '').split('\n');
  const now = after.replace(/\n$/, '').split('\n');
  const hunks = diffLines(old, now);
  const rows: DiffRow[] = [];
  let shown = 0;
  const same = (from: number, to: number, shift: number) => {
    for (let line = Math.max(from, shown); line < Math.min(to, old.length); line++)
      rows.push({ kind: 'same', text: old[line]!, before: line + 1, after: line + 1 + shift });
  };
  hunks.forEach((hunk, index) => {
    const shift = hunk.bFrom - hunk.aFrom;
    const from = Math.max(shown, hunk.aFrom - CONTEXT);
    if (from > shown) rows.push({ kind: 'gap', text: '', before: from });
    same(from, hunk.aFrom, shift);
    for (let line = hunk.aFrom; line < hunk.aTo; line++) rows.push({ kind: 'removed', text: old[line]!, before: line + 1 });
    for (let line = hunk.bFrom; line < hunk.bTo; line++) rows.push({ kind: 'added', text: now[line]!, after: line + 1 });
    shown = hunk.aTo;
    const end = Math.min(hunk.aTo + CONTEXT, hunks[index + 1]?.aFrom ?? old.length);
    same(hunk.aTo, end, hunk.bTo - hunk.aTo);
    shown = Math.min(end, old.length);
  });
  if (hunks.length > 0 && shown < old.length) rows.push({ kind: 'gap', text: '', before: shown + 1 });
  return rows;
}
