/** Ends one session. */
import { audited } from '../audit/audited.ts';
import { endSession } from './end-sessions.ts';

/** `key` is absent for a program with a token, which has no session to end. */
export const logout = audited<{ user: string; key: string | undefined }, void>(
  'logout',
  ({ user }) => user,
  async ({ ctx: { hub }, input: { key } }) => {
    if (key !== undefined) await endSession(hub, key, 'revoke');
  },
);
