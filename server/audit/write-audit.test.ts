import { expect, it } from 'vitest';
import { toCsv, toJsonLines } from './write-audit.ts';

const line = {
  seq: 1,
  at: '2026-01-01T00:00:00.000Z',
  user: 'sam',
  via: 'session' as const,
  action: 'token.create',
  target: '=HYPERLINK("http://x","y")',
  result: 'ok',
};

it('leaves no formula for a table program, and quotes what needs it', () => {
  expect(toCsv([line])).toBe('1,2026-01-01T00:00:00.000Z,sam,session,,token.create,"\'=HYPERLINK(""http://x"",""y"")",ok,\r\n');
});

it('writes one object a line', () =>
  expect(
    toJsonLines([line, line])
      .trim()
      .split('\n')
      .map((one) => JSON.parse(one)),
  ).toEqual([line, line]));
