import { describe, expect, it } from 'vitest';
import { GuardOutput } from './guard-output.ts';

const through = (text: string, quiet = false, size = text.length || 1): string => {
  const guard = new GuardOutput({ quiet });
  const bytes = Buffer.from(text);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) parts.push(guard.write(bytes.subarray(at, at + size)));
  return Buffer.concat(parts).toString();
};
const ESC = '\u001b';

describe('what a program writes', () => {
  it.each([
    ['plain text, größer\r\n'],
    [`${ESC}[31mred${ESC}[0m ${ESC}[38;2;1;2;3mrgb`],
    [`${ESC}[?1049h${ESC}[2J${ESC}[H${ESC}(B${ESC}=${ESC}7${ESC}8${ESC}M`],
    [`${ESC}]8;;https://example.org${ESC}\\link${ESC}]8;;${ESC}\\`],
    [`${ESC}]10;?${ESC}\\${ESC}[c${ESC}[6n`],
    [`${ESC}${ESC}[31mx`],
  ])('%j comes as it is, however it is cut', (text) => {
    for (const size of [1, 2, 3, 7, 1000]) expect(through(text, false, size)).toBe(text);
  });

  it.each([
    [`a${ESC}]52;c;ZXZpbA==${ESC}\\b`],
    [`a${ESC}]52;c;ZXZpbA==\u0007b`],
    [`a${ESC}]0;title\u0007b`],
    [`a${ESC}]2;title${ESC}\\b`],
    [`a${ESC}[21tb`],
    [`a${ESC}]52;c;${'A'.repeat(200_000)}\u0007b`],
  ])('%.20j does not reach the clipboard or the title, however it is cut', (text) => {
    for (const size of [1, 3, 1000]) expect(through(text, false, size)).toBe('ab');
  });

  it.each([['[c'], ['[>c'], ['[6n'], ['[?1$p'], ['[>q'], ['[18t'], [']10;?\u0007'], ['P+q544e\u001b\\'], ['Z']])(
    'a recording makes this terminal answer nothing: %j',
    (sequence) => {
      expect(through(`a${ESC}${sequence}b`, true, 1)).toBe('ab');
    },
  );

  it('a sequence that is never ended holds back nothing for ever', () => {
    expect(through(`${ESC}[31${ESC}[0mx`)).toBe(`${ESC}[31${ESC}[0mx`);
    expect(through(`${ESC}]0;never ended\u0018x`)).toBe('x');
  });
});
