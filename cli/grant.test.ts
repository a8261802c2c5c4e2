import { expect, it } from 'vitest';
import { readGrant } from './grant.ts';

it('reads a role, and a role on labels', () => {
  expect(readGrant('viewer')).toEqual({ role: 'viewer' });
  expect(readGrant('operator:site=berlin,role=camera')).toEqual({
    role: 'operator',
    selector: { site: 'berlin', role: 'camera' },
  });
});

it.each(['', 'owner', 'king', 'viewer:', 'viewer:berlin', 'viewer:Site=x', 'viewer:site='])(
  'says what is wrong with %j',
  (text) => expect(readGrant(text)).toEqual(expect.any(String)),
);
