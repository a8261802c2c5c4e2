import { expect, it } from 'vitest';
import type { Role } from '#contracts/access.ts';
import { mayHandle, rolesToGive } from './role-words.ts';

it('offers each role what it may give', () => {
  expect(rolesToGive('owner')).toEqual(['viewer', 'operator', 'admin']);
  expect(rolesToGive('admin')).toEqual(['viewer', 'operator']);
});

it.each<[Role | undefined, Role, boolean]>([
  ['owner', 'admin', true],
  ['owner', 'owner', false],
  ['admin', 'admin', false],
  ['admin', 'operator', true],
  ['operator', 'viewer', false],
  [undefined, 'viewer', false],
])('%s changes %s: %s', (mine, theirs, may) => expect(mayHandle(mine, theirs)).toBe(may));
