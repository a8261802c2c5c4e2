import { expect, it } from 'vitest';
import { relyingParty } from './relying-party.ts';

it.each([
  ['https://wall.local:7400', 'wall.local'],
  ['https://wall.example.org', 'wall.example.org'],
  ['http://localhost:7400', 'localhost'],
  ['http://wall.localhost', 'wall.localhost'],
])('a passkey made at %s belongs to %s', (origin, rpId) => expect(relyingParty(origin)).toEqual({ rpId }));

it.each([
  ['https://192.0.2.7:7400', /by an address/],
  ['http://127.0.0.1:7400', /by an address/],
  ['https://[2001:db8::7]:7400', /by an address/],
  ['http://wall.local:7400', /encrypted/],
  ['http://notlocalhost', /encrypted/],
])('at %s there is none, and why', (origin, words) => {
  const found = relyingParty(origin);
  expect('fact' in found && found.fact).toMatch(words);
});
