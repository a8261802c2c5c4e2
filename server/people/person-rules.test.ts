import { describe, expect, it } from 'vitest';
import { type Role, rightsOf } from '#contracts/access.ts';
import type { Actor } from '../hub.ts';
import { checkMayHandle, checkName, checkNotOwner } from './person-rules.ts';

const as = (role: Role): Actor => ({
  user: role,
  via: 'session',
  kind: 'person',
  role,
  rights: rightsOf(role),
  grants: [{ role }],
  proven: true,
});

describe('people', () => {
  it.each<[Role, Role[], boolean]>([
    ['owner', ['admin'], true],
    ['owner', ['viewer', 'admin'], true],
    ['admin', ['viewer', 'operator'], true],
    ['admin', ['admin'], false],
    ['admin', ['admin', 'viewer'], false],
    ['admin', ['operator', 'admin'], false],
  ])('as %s, %j: %s', (role, roles, allowed) => {
    const handle = () => checkMayHandle(as(role), ...roles);
    if (allowed) expect(handle).not.toThrow();
    else expect(handle).toThrow(/owner only/);
  });

  it.each(['owner', 'nobody', 'guest', 'tv-1234', 'recorder'])('are not called %s', (name) => {
    expect(() => checkName(name)).toThrow(/cannot be the name/);
  });

  it.each(['sam', 'owners', 'tvs', 'guest-book'])('may be called %s', (name) => {
    expect(() => checkName(name)).not.toThrow();
  });

  it('leave the owner where they are', () => {
    expect(() => checkNotOwner('owner')).toThrow(/stays/);
    expect(() => checkNotOwner('sam')).not.toThrow();
  });
});
