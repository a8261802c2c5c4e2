import { expect, test } from 'vitest';
import { toPieces } from './text-pieces.ts';

test('what was found is cut out, across runs of colour', () => {
  expect(toPieces([{ text: 'ab', style: { fg: 1 } }, { text: 'cd' }], [[1, 3]])).toEqual([
    { text: 'a', style: { fg: 1 } },
    { text: 'b', style: { fg: 1 }, isHit: true },
    { text: 'c', isHit: true },
    { text: 'd' },
  ]);
});

test('addresses become links with all of their text, without the full stop behind', () => {
  expect(toPieces([{ text: 'see https://a.example/x?y=1. ok' }], [])).toEqual([
    { text: 'see ' },
    { text: 'https://a.example/x?y=1', href: 'https://a.example/x?y=1' },
    { text: '. ok' },
  ]);
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ftp://a.example', 'http://'])(
  '%s is no link',
  (text) => {
    expect(toPieces([{ text }], []).every(({ href }) => href === undefined)).toBe(true);
  },
);

test('a link with something found in it stays one address', () => {
  const pieces = toPieces([{ text: 'http://a.example/found' }], [[17, 22]]);
  expect(pieces.map(({ text }) => text).join('')).toBe('http://a.example/found');
  expect(new Set(pieces.map(({ href }) => href))).toEqual(new Set(['http://a.example/found']));
});
