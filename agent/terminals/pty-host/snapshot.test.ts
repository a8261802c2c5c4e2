import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Screen } from './screen.ts';
import { describeTerminal, writeAll } from './test-compare.ts';
import { createTerminal } from './xterm.ts';

const SIZE = { cols: 20, rows: 6 };
const screenOf = () => new Screen(SIZE, { title: () => undefined, parsed: () => undefined });

/** Written to a device's screen, restored elsewhere, then the same bytes to both. */
async function restored(before: Uint8Array, after: Uint8Array) {
  const screen = screenOf();
  screen.write(Buffer.from(before));
  const snapshot = await screen.snapshot();
  const other = createTerminal(SIZE.cols, SIZE.rows);
  await writeAll(other, snapshot);
  const tail = screen.tail;
  const atOnce = tail.length === 0 ? [describeTerminal(screen.terminal), describeTerminal(other)] : [0, 0];
  // Both are brought to a safe point: what is half said is not on the device's screen yet.
  const end = Buffer.concat([after, Buffer.from('\x18')]);
  screen.write(end);
  await screen.text(1);
  await writeAll(other, end);
  return { atOnce, later: [describeTerminal(screen.terminal), describeTerminal(other)], snapshot };
}

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe('a snapshot', () => {
  it.each([
    ['text', 'hello\r\nworld'],
    ['a long line that wraps', `${'abcdefghij'.repeat(5)} end`],
    ['a line that ends exactly at the edge, waiting to wrap', 'x'.repeat(20)],
    ['scrolled out lines', Array.from({ length: 40 }, (_, n) => `line ${n}`).join('\r\n')],
    ['colours and looks', '\x1b[1;2;38;2;1;2;3;48;5;200mA\x1b[22;4:3;58:5:9mB\x1b[0;7mC\x1b[0m'],
    ['coloured blanks', '\x1b[44m\x1b[2J\x1b[3;5Hx\x1b[0m\x1b[K'],
    ['wide characters over the edge', `${'x'.repeat(19)}漢字`],
    ['a mark after its letter', 'e\u0301'],
    ['the alternate screen', 'shell$ vim\r\n\x1b[?1049h\x1b[2J\x1b[Hfile\x1b[5;3H'],
    ['a hidden cursor, mouse, paste, keypad', '\x1b[?25l\x1b[?1002h\x1b[?1006h\x1b[?2004h\x1b[?1h\x1b='],
    ['margins and origin', 'a\r\nb\r\nc\x1b[2;4r\x1b[?6h\x1b[2;2Hz'],
    ['a saved cursor', 'a\x1b[31m\x1b7\x1b[0m\x1b[4;4Hb'],
    ['line drawing', '\x1b(0lqk\x1b(B\x1b)0\x0ex'],
    ['insert mode and wrap off', '\x1b[4h\x1b[?7labc'],
    ['titles', '\x1b]0;a title\x07\x1b]1;icon\x07'],
    ['tab stops', '\x1b[3g\x1b[5G\x1bH\r\tx'],
    ['half an escape sequence', 'abc\x1b[3'],
    ['half a character', 'abc\u6f22'.slice(0, 3)],
    ['a cursor style', '\x1b[5 q'],
    ['protected cells', '\x1b[1"qab\x1b[0"qc'],
  ])('restores %s', async (_name, text) => {
    const { atOnce, later } = await restored(bytesOf(text), bytesOf('\u0301Z\x1b[3b\x1b8y\r\nnext\x1b[?1049l.'));
    expect(atOnce[1]).toEqual(atOnce[0]);
    expect(later[1]).toEqual(later[0]);
  });

  it('gives the same screen at any point of any stream, and stays the same after it', async () => {
    await fc.assert(
      fc.asyncProperty(stream, stream, fc.nat(200), async (before, after, cut) => {
        const bytes = bytesOf(before);
        const at = Math.max(0, bytes.length - (cut % (bytes.length + 1)));
        const rest = Buffer.concat([bytes.subarray(at), bytesOf(after)]);
        const { atOnce, later } = await restored(bytes.subarray(0, at), rest);
        expect(atOnce[1]).toEqual(atOnce[0]);
        expect(later[1]).toEqual(later[0]);
      }),
      // The same ones each time; thousands of others were tried.
      { numRuns: 200, seed: 20 },
    );
  }, 60_000);
});

const small = fc.integer({ min: 0, max: 22 });
const csi = fc
  .tuple(fc.constantFrom(...'ABCDEFGHIJKLMPSTXZ@`abdefg', 'r', 's', 'u'), fc.option(small), fc.option(small))
  .map(([final, a, b]) => `\x1b[${a ?? ''}${b === null ? '' : `;${b}`}${final}`);
const sgr = fc
  .array(
    fc.constantFrom(
      '0',
      '1',
      '2',
      '3',
      '4',
      '4:3',
      '5',
      '7',
      '9',
      '22',
      '24',
      '27',
      '31',
      '97',
      '39',
      '42',
      '104',
      '49',
      '53',
      '38;5;99',
      '48;2;9;8;7',
      '58:5:3',
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((codes) => `\x1b[${codes.join(';')}m`);
const mode = fc
  .tuple(
    fc.constantFrom(
      '?1',
      '?6',
      '?7',
      '?25',
      '?45',
      '?1000',
      '?1002',
      '?1003',
      '?1004',
      '?1006',
      '?1016',
      '?2004',
      '?1049',
      '?47',
      '4',
      '?66',
    ),
    fc.constantFrom('h', 'l'),
  )
  .map(([which, set]) => `\x1b[${which}${set}`);
const text = fc.stringMatching(/^[a-zé漢😀 ]{1,12}$/u);
const other = fc.constantFrom(
  '\r\n',
  '\n',
  '\r',
  '\b',
  '\t',
  '\x1b7',
  '\x1b8',
  '\x1bD',
  '\x1bE',
  '\x1bM',
  '\x1bH',
  '\x1b(0',
  '\x1b(B',
  '\x0e',
  '\x0f',
  '\x1b]0;t\x07',
  '\x1b]2;u\x1b\\',
  '\x1b[!p',
  '\x1b[3 q',
  'e\u0301',
  'x'.repeat(20),
  '\x1b[2J',
  '\x1b[K',
  '\x1b#8',
  '\u009b3C',
  '\x1bPq~\x1b\\',
  '\x1bc',
);
const stream = fc
  .array(fc.oneof({ weight: 4, arbitrary: text }, { weight: 3, arbitrary: csi }, sgr, mode, { weight: 3, arbitrary: other }), {
    maxLength: 30,
  })
  .map((parts) => parts.join(''));
