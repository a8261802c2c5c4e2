import { describe, expect, it } from 'vitest';
import { LineMatch, SearchTooSlow } from './line-match.ts';
import { encodeLine, type LogContent } from './log-line.ts';

const line = (x: string) => encodeLine(1, 1, 'web/hello', { o: 'out', x });
const found = async (search: { pattern: string; regex?: boolean; caseSensitive?: boolean }, texts: readonly string[]) => {
  const match = new LineMatch({ regex: false, caseSensitive: false, ...search });
  const lines = texts.map(line);
  return (await match.filter(lines)).map((one) => texts[lines.indexOf(one)]);
};

describe('a search in lines', () => {
  it.each([
    [{ pattern: 'error' }, ['an Error', 'fine'], ['an Error']],
    [{ pattern: 'error', caseSensitive: true }, ['an Error', 'an error'], ['an error']],
    [{ pattern: '(' }, ['f(x)', 'fx'], ['f(x)']],
    [{ pattern: '^a.c$', regex: true }, ['abc', 'ABC', 'abcd'], ['abc', 'ABC']],
    [{ pattern: '^a.c$', regex: true, caseSensitive: true }, ['abc', 'ABC'], ['abc']],
    [{ pattern: 'red line' }, ['a \u001b[1;31mred\u001b[0m line'], ['a \u001b[1;31mred\u001b[0m line']],
    [{ pattern: 'title' }, ['\u001b]0;title\u0007text', 'a title'], ['a title']],
  ])('%j', async (search, texts, expected) => {
    expect(await found(search, texts)).toEqual(expected);
  });

  it('finds nothing in a gap, and the words of an event', async () => {
    const gap: LogContent = { o: 'gap', lines: 1, bytes: 1, why: 'flood' };
    const lines = [encodeLine(1, 1, 'a/b', gap), encodeLine(2, 1, 'a/b', { o: 'event', x: 'hello runs.' })];
    const match = new LineMatch({ pattern: '.*', regex: true, caseSensitive: false });
    expect(await match.filter(lines)).toEqual([lines[1]]);
  });

  it('refuses a pattern that is none, in words', () => {
    expect(() => new LineMatch({ pattern: '[', regex: true, caseSensitive: false })).toThrow(/no regular expression/);
  });

  it('stops an expression that goes on for ever, and lets others have their turn meanwhile', async () => {
    const match = new LineMatch({ pattern: '(a+)+$', regex: true, caseSensitive: false });
    const texts = ['fine', `${'a'.repeat(2_000)}!`];
    await expect(match.filter(texts.map(line))).rejects.toThrow(SearchTooSlow);
    expect(await match.filter([line('aaa')])).toHaveLength(1);
  });

  it('gives way between its steps', async () => {
    const match = new LineMatch({ pattern: 'x.*y.*z', regex: true, caseSensitive: false });
    const lines = Array.from({ length: 20_000 }, (_, index) => line(`x ${'y'.repeat(100)} ${index}`));
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    await match.filter(lines);
    clearInterval(counting);
    expect(turns).toBeGreaterThan(3);
  });
});
