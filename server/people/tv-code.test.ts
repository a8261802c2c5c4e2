import { expect, it } from 'vitest';
import { TvPairing } from '#contracts/api-people.ts';
import { isCode, newCode, toCode } from './tv-code.ts';

it('makes codes of the contract', () => {
  for (let i = 0; i < 200; i++) expect(TvPairing.shape.code.safeParse(newCode()).success).toBe(true);
});

it.each([
  ['7kq-m2x', '7KQM2X'],
  [' o1 il ab ', '0111AB'],
  ['7KQM2X', '7KQM2X'],
])('understands %j', (typed, code) => expect(toCode(typed)).toBe(code));

it.each(['', '7KQM2', '7KQM2U', '*', '7KQM2X.>'])('refuses %j', (code) => expect(isCode(code)).toBe(false));
