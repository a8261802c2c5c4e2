import { expect, it } from 'vitest';
import { digestOf, follows, readLine, type StoredLine } from './chain.ts';

const AT = '2026-01-01T00:00:00.000Z';
const line = (seq: number, action: string, before?: StoredLine): StoredLine => ({
  seq,
  text: JSON.stringify({
    at: AT,
    user: 'sam',
    via: 'session',
    action,
    target: 'x',
    result: 'ok',
    ...(before ? { prev: digestOf(before.text) } : {}),
  }),
});
const holds = (lines: StoredLine[]) => lines.map((one, index) => follows(lines[index - 1], one));

const first = line(1, 'a');
const second = line(2, 'b', first);
const third = line(3, 'c', second);

it.each<[string, StoredLine[], boolean[]]>([
  ['all of it is there', [first, second, third], [true, true, true]],
  ['S77 a line was edited', [first, { seq: 2, text: second.text.replace('sam', 'eve') }, third], [true, true, false]],
  ['S77 a line was taken out', [first, third], [true, false]],
  ['S77 a line was taken out, and the numbers closed up', [first, { ...third, seq: 2 }], [true, false]],
  ['S77 the beginning was taken away', [second, third], [false, true]],
  ['S77 a line lost its digest', [first, second, line(3, 'c')], [true, true, false]],
  ['lines from before the chain', [first, line(2, 'b'), line(3, 'c', line(2, 'b'))], [true, true, true]],
  ['something else was put there', [first, { seq: 2, text: 'no json' }], [true, false]],
])('the chain: %s', (_, lines, expected) => expect(holds(lines)).toEqual(expected));

it('is read with the number of the stream, whatever the line says', () => {
  expect(readLine({ seq: 7, text: first.text.replace('{', '{"seq":99,') })?.seq).toBe(7);
});
