import { expect, it } from 'vitest';
import { readTarget, theOnly } from './target.ts';

it.each([
  ['alice', { device: 'alice' }],
  ['alice/web', { device: 'alice', service: 'web' }],
  ['alice/shop/web', { device: 'alice', deployment: 'shop', service: 'web' }],
])('%s is understood', (text, target) => expect(readTarget(text)).toEqual(target));

it.each(['', '/', 'alice/', 'a/b/c/d', 'Alice', '*', 'alice/..', 'alice/web '])('%j is refused with an example', (text) =>
  expect(() => readTarget(text)).toThrow(expect.objectContaining({ detail: expect.stringContaining('alice/shop/web') })),
);

it('one of several services must be chosen', () => {
  const two = {
    device: 'alice',
    services: [
      { deployment: 'a', service: 'web' },
      { deployment: 'b', service: 'web' },
    ],
  };
  expect(() => theOnly(two)).toThrow(expect.objectContaining({ detail: expect.stringContaining('alice/a/web or alice/b/web') }));
  expect(() => theOnly({ device: 'alice' })).toThrow(/Name a service/);
  expect(theOnly({ device: 'alice', services: [two.services[0]!] })).toEqual({ deployment: 'a', service: 'web' });
});
