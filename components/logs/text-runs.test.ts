import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plainText, SHOWN_CHARACTERS, toTextRuns } from './text-runs.ts';

const CONTROLS = '\\u0000-\\u0008\\u000a-\\u001f\\u007f-\\u009f';
const UNSEEN = new RegExp(`[${CONTROLS}\\u200b-\\u200f\\u202a-\\u202e\\u2066-\\u2069]`);
const seen = (line: string) => plainText(toTextRuns(line));

describe('text of a log line', () => {
  test('plain text stays as it is, tabs too', () => expect(toTextRuns('a\tb <b>&amp;')).toEqual([{ text: 'a\tb <b>&amp;' }]));

  test.each([
    ['\u001b[31mred\u001b[0m plain', [{ text: 'red', style: { fg: 1 } }, { text: ' plain' }]],
    ['\u001b[1;38;5;196mx', [{ text: 'x', style: { bold: true, fg: 196 } }]],
    ['\u001b[48;2;255;0;16mx', [{ text: 'x', style: { bg: 0x1ff0010 } }]],
    ['\u001b[38:2::1:2:3mx', [{ text: 'x', style: { fg: 0x1010203 } }]],
    ['\u001b[92mx\u001b[39my', [{ text: 'x', style: { fg: 10 } }, { text: 'y' }]],
    [
      '\u001b[1;4mx\u001b[22my\u001b[mz',
      [{ text: 'x', style: { bold: true, underline: true } }, { text: 'y', style: { underline: true } }, { text: 'z' }],
    ],
    ['\u009b31mred', [{ text: 'red', style: { fg: 1 } }]],
  ])('%j has its colours', (line, runs) => expect(toTextRuns(line)).toEqual(runs));

  test.each([
    ['a clipboard write', 'a\u001b]52;c;ZXZpbA==\u0007b', 'ab'],
    ['a title', 'a\u001b]0;root@prod\u001b\\b', 'ab'],
    ['a link that lies', '\u001b]8;;http://evil.example\u0007http://good.example\u001b]8;;\u0007', 'http://good.example'],
    ['a query', 'a\u001b[6n\u001b[c\u001b[>c\u001b[?2026$p\u001b[18tb', 'ab'],
    ['DCS, APC, PM, SOS', 'a\u001bP$q\u0022p\u001b\\b\u001b_x\u001b\\c\u001b^x\u001b\\d\u001bXx\u001b\\e', 'abcde'],
    ['C1 forms', 'a\u009d0;title\u009cb\u0090x\u009cc\u0085d', 'abcd'],
    ['a picture in sixels', 'a\u001bPq#0;2;0;0;0#0~~@@vv\u001b\\b', 'ab'],
    ['cursor moves and erasing', 'good\u001b[2K\u001b[1Gevil', 'goodevil'],
    ['NUL, BEL, backspaces', 'ab\u0000\u0007\b\b\bcd\u007f', 'abcd'],
    ['a charset switch', 'a\u001b(0b\u001b#8c', 'abc'],
    ['a sequence without an end', 'a\u001b]0;title', 'a'],
    ['the far half of a sequence cut in two', 'tle\u0007b', 'tleb'],
    ['an escape at the very end', 'a\u001b', 'a'],
    ['a control sequence broken off', 'a\u001b[31', 'a'],
  ])('S67 %s is dropped', (_, line, text) => expect(seen(line)).toBe(text));

  test('S67 what hides or turns text around is shown', () => {
    expect(toTextRuns('user\u202Egnp.exe')).toEqual([{ text: 'user' }, { text: 'U+202E', isMark: true }, { text: 'gnp.exe' }]);
    expect(seen('a\u200bb\ufeffc\u2066d')).toBe('aU+200BbU+FEFFcU+2066d');
    expect(seen('a\u{E0041}b')).toBe('aU+E0041b');
    expect(toTextRuns('10%\r20%\r')).toEqual([{ text: '10%' }, { text: '␍', isMark: true }, { text: '20%' }]);
  });

  test('other scripts and emoji are left alone', () => expect(seen('日本語 ñ 🍓 العربية')).toBe('日本語 ñ 🍓 العربية'));

  test('S67 whatever comes, no control, nothing that hides, and no more than the cap is drawn', () => {
    const nasty = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary-ascii', maxLength: 12 }),
        fc.constantFrom(
          'é日🍓',
          '\u200b',
          '\u0085',
          '\u{E0041}',
          '\u001b',
          '\u001b[',
          '\u001b]',
          '\u009b',
          '\u009d',
          '\u0007',
          '31m',
          '\u202e',
          '\u001b\\',
          '\r',
        ),
      ),
    );
    fc.assert(
      fc.property(nasty, (parts) => {
        expect(seen(parts.join(''))).not.toMatch(UNSEEN);
      }),
    );
    expect(seen('x'.repeat(10_000_000))).toHaveLength(SHOWN_CHARACTERS);
    expect(toTextRuns('\u001b[31mx\u001b[32my'.repeat(4_000)).length).toBeLessThanOrEqual(1_000);
  });
});
