/** Compares two texts line by line (Myers), and carries a change over to a text that is formatted differently. Pure. */

export interface Hunk {
  /** Lines [aFrom, aTo) of the old text become lines [bFrom, bTo) of the new one. */
  aFrom: number;
  aTo: number;
  bFrom: number;
  bTo: number;
}

/** Texts further apart than this are one change as a whole: the search is quadratic in the distance. */
const MAX_DISTANCE = 2000;

export function diffLines(a: readonly string[], b: readonly string[]): Hunk[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const matches = matchMiddle(a.slice(head, a.length - tail), b.slice(head, b.length - tail));
  const hunks: Hunk[] = [];
  let aAt = head;
  let bAt = head;
  for (const [aMatch, bMatch] of [...matches.map(([x, y]) => [x + head, y + head]), [a.length - tail, b.length - tail]]) {
    if (aMatch! > aAt || bMatch! > bAt) hunks.push({ aFrom: aAt, aTo: aMatch!, bFrom: bAt, bTo: bMatch! });
    aAt = aMatch! + 1;
    bAt = bMatch! + 1;
  }
  return hunks;
}

/** Pairs of equal lines on a shortest edit path. */
function matchMiddle(a: readonly string[], b: readonly string[]): [number, number][] {
  const max = Math.min(a.length + b.length, MAX_DISTANCE);
  const offset = max + 1;
  const furthest = new Int32Array(2 * max + 3);
  const trace: Int32Array[] = [];
  for (let distance = 0; distance <= max; distance++) {
    trace.push(furthest.slice());
    for (let k = -distance; k <= distance; k += 2) {
      const down = k === -distance || (k !== distance && furthest[offset + k - 1]! < furthest[offset + k + 1]!);
      let x = down ? furthest[offset + k + 1]! : furthest[offset + k - 1]! + 1;
      let y = x - k;
      while (x < a.length && y < b.length && a[x] === b[y]) {
        x++;
        y++;
      }
      furthest[offset + k] = x;
      if (x >= a.length && y >= b.length) return walkBack(trace, a.length, b.length, offset);
    }
  }
  return [];
}

function walkBack(trace: readonly Int32Array[], aLength: number, bLength: number, offset: number): [number, number][] {
  const matches: [number, number][] = [];
  let x = aLength;
  let y = bLength;
  for (let distance = trace.length - 1; distance >= 0; distance--) {
    const furthest = trace[distance]!;
    const k = x - y;
    const down = k === -distance || (k !== distance && furthest[offset + k - 1]! < furthest[offset + k + 1]!);
    const previousK = down ? k + 1 : k - 1;
    const startX = distance === 0 ? 0 : furthest[offset + previousK]!;
    const startY = distance === 0 ? 0 : startX - previousK;
    const middleX = distance === 0 ? 0 : down ? startX : startX + 1;
    while (x > middleX && y > middleX - k) {
      x--;
      y--;
      matches.push([x, y]);
    }
    x = startX;
    y = startY;
  }
  return matches.reverse();
}

/**
 * Three-way merge. `base` and `edited` are in normal form, `authored` says the same as `base` in its author's layout:
 * the edit is applied there, and only lines that the edit itself touches lose their layout.
 */
export function mergeEdit(base: string, authored: string, edited: string): string {
  const [baseLines, authoredLines, editedLines] = [base.split('\n'), authored.split('\n'), edited.split('\n')];
  const layout = diffLines(baseLines, authoredLines);
  const merged: string[] = [];
  let at = 0;
  let layoutAt = 0;
  const copyUntil = (end: number) => {
    while (at < end) {
      const hunk = layout[layoutAt];
      if (!hunk || hunk.aFrom >= end) {
        const plain = baseLines.slice(at, end);
        merged.push(...plain);
        at = end;
      } else {
        merged.push(...baseLines.slice(at, hunk.aFrom), ...authoredLines.slice(hunk.bFrom, hunk.bTo));
        at = hunk.aTo;
        layoutAt++;
      }
    }
  };
  for (const hunk of joinOverlapping(diffLines(baseLines, editedLines), layout)) {
    copyUntil(hunk.aFrom);
    merged.push(...editedLines.slice(hunk.bFrom, hunk.bTo));
    at = hunk.aTo;
    while (layout[layoutAt] && layout[layoutAt]!.aFrom < hunk.aTo) layoutAt++;
  }
  copyUntil(baseLines.length);
  // What the author wrote behind the last line of the normal form.
  for (; layoutAt < layout.length; layoutAt++)
    merged.push(...authoredLines.slice(layout[layoutAt]!.bFrom, layout[layoutAt]!.bTo));
  return merged.join('\n');
}

/** An edit that cuts a layout hunk in two takes the whole hunk, so that no half of it remains. */
function joinOverlapping(edits: readonly Hunk[], layout: readonly Hunk[]): Hunk[] {
  const joined: Hunk[] = [];
  for (const edit of edits) {
    const wide = { ...edit };
    for (const hunk of layout) {
      if (hunk.aFrom >= wide.aTo || hunk.aTo <= wide.aFrom) continue;
      const before = Math.max(0, wide.aFrom - hunk.aFrom);
      const after = Math.max(0, hunk.aTo - wide.aTo);
      wide.aFrom -= before;
      wide.bFrom -= before;
      wide.aTo += after;
      wide.bTo += after;
    }
    const last = joined.at(-1);
    if (last && wide.aFrom < last.aTo) {
      last.aTo = Math.max(last.aTo, wide.aTo);
      last.bTo = Math.max(last.bTo, wide.bTo);
    } else joined.push(wide);
  }
  return joined;
}
