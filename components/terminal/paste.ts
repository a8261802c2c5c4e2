/** What is pasted: looked at before it goes, and never able to end its own brackets. Pure. */
const ESC = '\u001b';
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the end of a bracketed paste, in seven and eight bits
const PASTE_END = /(?:\u001b\[|\u009b)201~/g;

/** A pasted line break runs what stands before it, and a control character may do anything. */
export const needsPreview = (text: string): boolean => /[\r\n]/.test(text) || holdsControls(text);

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

/** In ASCII, for which every font has letters. */
const NAMES =
  'NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US'.split(' ');

/** For the preview: lines as lines, everything that cannot be seen by its name. */
export const visible = (text: string): string =>
  text.replace(/\r\n?/g, '\n').replace(new RegExp(CONTROL, 'g'), (character) => {
    const code = character.charCodeAt(0);
    return `<${code === 0x7f ? 'DEL' : (NAMES[code] ?? code.toString(16))}>`;
  });

export const holdsControls = (text: string): boolean => CONTROL.test(text);
