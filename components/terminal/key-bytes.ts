/** Keys that a phone's keyboard lacks, as what a terminal expects of them. Pure. */
const ESC = '\u001b';

export type Modifier = 'ctrl' | 'alt';
export type BarKey = 'Esc' | 'Tab' | '↑' | '↓' | '←' | '→' | '|' | '/' | '-' | 'Ctrl+C';
export const BAR_KEYS: readonly BarKey[] = ['Esc', 'Tab', '←', '↑', '↓', '→', '|', '/', '-', 'Ctrl+C'];

const ARROWS: Partial<Record<BarKey, string>> = { '↑': 'A', '↓': 'B', '→': 'C', '←': 'D' };
const PLAIN: Partial<Record<BarKey, string>> = { Esc: ESC, Tab: '\t', 'Ctrl+C': '\u0003' };

/** `applicationCursor`: a program such as vim asked for the other form of the arrows. */
export function barKey(key: BarKey, applicationCursor: boolean): string {
  const arrow = ARROWS[key];
  if (arrow) return `${ESC}${applicationCursor ? 'O' : '['}${arrow}`;
  return PLAIN[key] ?? key;
}

/** One typed character with a sticky Ctrl or Alt before it; anything longer is left alone. */
export function controlledKey(bytes: Uint8Array, modifier: Modifier | undefined): Uint8Array {
  const code = bytes.length === 1 ? bytes[0]! : undefined;
  if (code === undefined || !modifier) return bytes;
  if (modifier === 'alt') return Uint8Array.of(0x1b, code);
  if (code === 0x20) return Uint8Array.of(0);
  const upper = code >= 0x61 && code <= 0x7a ? code - 0x20 : code;
  return upper >= 0x40 && upper <= 0x5f ? Uint8Array.of(upper & 0x1f) : bytes;
}
