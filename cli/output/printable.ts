/**
 * Makes text safe for a terminal: devices and authors write parts of it, and a terminal obeys control characters.
 * What is not ours is shown as `\u001b`, which JSON reads as the same character.
 */

/** Line ends, and the colours that `tinted` writes. */
const OURS = '\n|\u001b\\[(?:1|22|3[1239]|90|39)m';
/** Controls, and the letters that turn or hide what stands around them. */
const UNSAFE = '[\\p{Cc}\\p{Zl}\\p{Zp}\\u061c\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u2069\\ufeff]';
const EITHER = new RegExp(`(${OURS})|${UNSAFE}`, 'gu');

export const printable = (text: string): string => text.replace(EITHER, (found: string, ours?: string) => ours ?? escaped(found));

/** For a cell or a line of its own: a message with a line end must not begin a row that looks like another device's. */
export const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ');

const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
