/** What is pasted: looked at before it goes, and never able to end its own brackets. Pure. */
const ESC = '\u001b';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the end of a bracketed paste, in seven and eight bits
const PASTE_END = /(?:\u001b\[|\u009b)201~/g;

/** A pasted line break runs what stands before it, and a control character may do anything. */
export const needsPreview = (text: string): boolean => /[\r\n]/.test(text) || CONTROL.test(text);

/** What goes to the device. */
export function pasteBytes(text: string, bracketed: boolean): Uint8Array {
  let clean = text.replace(/\r?\n/g, '\r');
  // Taking one out may put another together.
  for (let before = ''; before !== clean; ) {
    before = clean;
    clean = clean.replace(PASTE_END, '');
  }
  return new TextEncoder().encode(bracketed ? `${ESC}[200~${clean}${ESC}[201~` : clean);
}

/** For the preview: lines as lines, everything that cannot be seen as a sign. */
export const visible = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(new RegExp(CONTROL, 'g'), (character) => {
    const code = character.charCodeAt(0);
    if (code === 0x7f) return '␡';
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : `⟨${code.toString(16)}⟩`;
  });
