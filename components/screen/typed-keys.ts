/** What a phone's keyboard does, as keys of a desktop: X keysyms. Pure. */
export const KEYSYM = {
  Backspace: 0xff08,
  Tab: 0xff09,
  Enter: 0xff0d,
  Escape: 0xff1b,
  ArrowLeft: 0xff51,
  ArrowUp: 0xff52,
  ArrowRight: 0xff53,
  ArrowDown: 0xff54,
  Control: 0xffe3,
  Alt: 0xffe9,
} as const;

/** Latin-1 stands for itself, everything else has its place above 2^24. */
export function keysymOf(character: string): number {
  if (character === '\n') return KEYSYM.Enter;
  if (character === '\t') return KEYSYM.Tab;
  const code = character.codePointAt(0) ?? 0;
  return code <= 0xff ? code : 0x0100_0000 + code;
}

/**
 * From what stood in a field to what stands there now. Phones do not tell keys: they write, and change what they wrote when they know a
 * better word. What was taken back is taken back on the desktop too.
 */
export function typedKeys(before: string, after: string): number[] {
  const [old, now] = [[...before], [...after]];
  let same = 0;
  while (same < old.length && same < now.length && old[same] === now[same]) same += 1;
  return [...old.slice(same).map(() => KEYSYM.Backspace), ...now.slice(same).map(keysymOf)];
}
