/** Ends one browser session. */
import { audited } from '../audit/audited.ts';
import { OWNER } from './accounts.ts';
import { closeSession } from './sessions.ts';

/** `secret` is absent for a program with a token, which has no session to end. */
export const logout = audited<{ secret: string | undefined }, void>(
  'logout',
  () => OWNER,
  async ({ ctx: { hub }, input: { secret } }) => {
    if (secret !== undefined) await closeSession(hub.buckets, secret);
  },
);
