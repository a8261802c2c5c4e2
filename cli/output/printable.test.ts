import { expect, it } from 'vitest';
import { oneLine, printable } from './printable.ts';
import { toFields, toTable } from './table.ts';
import { tinted } from './terminal.ts';

it('lets our colours through and shows what a device slipped in', () => {
  expect(printable(`${tinted('red', '■ Failed')}\n`)).toBe(`${tinted('red', '■ Failed')}\n`);
  expect(printable('\u001b]0;owned\u0007 \u001b[2J \u009b31m \r')).toBe('\\u001b]0;owned\\u0007 \\u001b[2J \\u009b31m \\u000d');
  expect(printable('a\u202eb')).toBe('a\\u202eb');
});

it('leaves JSON the same for a program', () => {
  const value = { message: 'x\u009b\u202e\u2028é漢 😀' };
  expect(JSON.parse(printable(JSON.stringify(value, null, 2)))).toEqual(value);
});

it('keeps a message with line ends in its row', () => {
  expect(oneLine('lost\r\n  bob   ● Running')).toBe('lost bob   ● Running');
  expect(toTable(['A', 'B'], [['x\ny', 'z']])).toBe('A     B\nx y   z');
  expect(toFields([['A', 'x\ny']])).toBe('A:  x y');
});
