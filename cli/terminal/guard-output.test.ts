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
    ['Â£ é © ½ größer'],
    [`${ESC}P0;1q#0;2;0;0;0~-${ESC}\\${ESC}P$qm${ESC}\\`],
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
    [`a${ESC}]052;c;ZXZpbA==\u0007b`],
    [`a${ESC}]5\u000052;c;ZXZpbA==\u0007b`],
    [`a${ESC}]8;;x${ESC}]52;c;ZXZpbA==\u0007b`],
    [`a${ESC}]5522;x\u0007b`],
    [`a${ESC}[021tb`],
    [`a${ESC}[21\u0000tb`],
    [`a${ESC}ktitle${ESC}\\b`],
    [`a${ESC}_Gt=t;L3RtcC94${ESC}\\b`],
    [`a${ESC}Ptmux;${ESC}${ESC}]52;c;ZXZpbA==\u0007${ESC}\\b`],
    [`a${ESC}P]52;c;ZXZpbA==${ESC}\\b`],
  ])('%.20j does not reach the clipboard or the title, however it is cut', (text) => {
    for (const size of [1, 3, 1000]) expect(through(text, false, size)).toBe('ab');
  });

  it('a sequence in one character of its own does not pass either, however it is cut', () => {
    for (const size of [1, 2, 3, 1000])
      expect(through('a\u009d52;c;ZXZpbA==\u009cb\u009b21tc', false, size)).toBe('a52;c;ZXZpbA==b21tc');
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
