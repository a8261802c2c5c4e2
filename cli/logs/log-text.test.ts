import { describe, expect, it } from 'vitest';
import { plain } from '../output/terminal.ts';
import { cleanLine, logLine } from './log-text.ts';

const ESC = '\u001b';

describe('a line of a service', () => {
  it('keeps its colours where somebody looks, and ends them', () => {
    const text = `${ESC}[1;31mred${ESC}[0m and ${ESC}[38;2;1;2;3mrgb ${ESC}[38:5:7mx`;
    expect(cleanLine(text, true)).toBe(`${text}${ESC}[0m`);
    expect(cleanLine(text, false)).toBe('red and rgb x');
    expect(cleanLine('none', true)).toBe('none');
  });

  it.each([
    [`a${ESC}[2Jb`, 'ab'],
    [`a${ESC}[?1049hb`, 'ab'],
    [`a${ESC}]0;title\u0007b`, 'ab'],
    [`a${ESC}]52;c;ZXZpbA==${ESC}\\b`, 'ab'],
    [`a${ESC}]52;c;never ended`, 'a'],
    [`a${ESC}P$q"p${ESC}\\b`, 'ab'],
    [`a${ESC}(0b${ESC}cc`, 'abc'],
    [`a${ESC}`, 'a'],
    [`a${ESC}[`, 'a'],
    [`a${ESC}${ESC}[2Jb`, 'ab'],
    ['a\u009b2Jb', 'a\\u009b2Jb'],
    ['a\u0007\u0008b\r', 'a\\u0007\\u0008b'],
    ['50 %\rdone', '50 %\\u000ddone'],
    ['a\u202eb\u200bc', 'a\\u202eb\\u200bc'],
    ['tab\tstays, größer, 🎉', 'tab\tstays, größer, 🎉'],
  ])('%j becomes %j', (text, clean) => {
    expect(cleanLine(text, false)).toBe(clean);
    expect(cleanLine(text, true)).toBe(clean);
  });

  it('is told from what is missing and from what happened', () => {
    const form = { paint: plain, colours: false, timestamps: false, source: () => 'alice' };
    const at = { n: 1, t: 0, d: 'shop', s: 'web' };
    expect(logLine('alice', { ...at, o: 'out', x: 'hi' }, form)).toBe('alice │ hi');
    expect(logLine('alice', { ...at, o: 'gap', lines: 7, bytes: 9, why: 'flood' }, form)).toBe(
      'alice │ ── 7 lines are missing: the service writes faster than is kept ──',
    );
    expect(
      logLine('alice', { ...at, o: 'event', x: `web${ESC}[31m died` }, { ...form, source: () => '', timestamps: true }),
    ).toBe('1970-01-01T00:00:00.000Z ── web died ──');
  });
});
