/**
 * What a person types, with the few keys that are meant for this command taken out: `~.` and its like at the beginning of a line, as
 * in ssh, and Ctrl+` where the terminal tells it. Pure.
 */

export type KeyCommand = 'leave' | 'help' | 'take' | 'give' | 'keep';

export type Typed = { kind: 'bytes'; bytes: Buffer } | { kind: 'command'; command: KeyCommand };

export const KEY_HELP = [
  '~.   leave; the session goes on',
  '~t   type here, or ask whoever does',
  '~k   keep typing when somebody asks',
  '~g   give it to whoever asks',
  '~~   a tilde',
  '~?   this list',
];

const TILDE = 0x7e;
const COMMANDS: ReadonlyMap<string, KeyCommand> = new Map([
  ['.', 'leave'],
  ['?', 'help'],
  ['t', 'take'],
  ['g', 'give'],
  ['k', 'keep'],
]);
const LINE_ENDS = new Set([0x0d, 0x0a]);
/** Ctrl+` as terminals with the kitty protocol or modifyOtherKeys tell it; others have no code for it. */
const CTRL_BACKTICK = ['\u001b[96;5u', '\u001b[27;5;96~'];

export class LeaveKeys {
  #atLineStart = true;
  #tilde = false;

  read(typed: Buffer): Typed[] {
    const found = CTRL_BACKTICK.find((code) => typed.includes(code));
    if (found !== undefined) return [{ kind: 'command', command: 'leave' }];
    const all: Typed[] = [];
    let bytes: number[] = [];
    const flush = () => {
      if (bytes.length > 0) all.push({ kind: 'bytes', bytes: Buffer.from(bytes) });
      bytes = [];
    };
    for (const byte of typed) {
      if (this.#tilde) {
        this.#tilde = false;
        const command = COMMANDS.get(String.fromCharCode(byte));
        if (command) {
          flush();
          all.push({ kind: 'command', command });
          continue;
        }
        bytes.push(TILDE);
        this.#atLineStart = false;
        if (byte === TILDE) continue;
      } else if (byte === TILDE && this.#atLineStart) {
        this.#tilde = true;
        continue;
      }
      bytes.push(byte);
      this.#atLineStart = LINE_ENDS.has(byte);
    }
    flush();
    return all;
  }
}
