/** Says that the screen which shows this code may show a wall from now on. */
import type * as z from 'zod';
import type { ApproveTvRequest } from '#contracts/api-people.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { SESSION_KEY } from '../auth/accounts.ts';
import { listSessions } from '../auth/sessions.ts';
import { RevisionConflict } from '../kv/store.ts';
import { checkBound, isPast } from './one-time-link.ts';
import { isCode, toCode } from './tv-code.ts';

const MOST_TVS = 100;

export interface ApproveTvInput extends z.infer<typeof ApproveTvRequest> {
  code: string;
}

export const approveTv = audited<ApproveTvInput, void>(
  'tv.approve',
  ({ title, wall }) => `${title} with ${wall}`,
  async ({ ctx: { hub, actor }, input: { code: typed, title, wall } }) => {
    const { tvPairings } = hub.buckets;
    const code = toCode(typed);
    const pairing = isCode(code) ? await tvPairings.get(SESSION_KEY.tvPairing(code)) : undefined;
    if (!pairing || isPast(pairing.value.expiresAt)) throw noSuchCode();
    if (pairing.value.approved)
      throw new ProblemError(
        'conflict',
        'This TV is paired already.',
        'Nothing has changed. Change its wall in the list of TVs.',
      );
    checkBound((await listSessions(hub.buckets)).filter(({ value }) => value.tv).length, MOST_TVS, 'TVs');
    const ttlSeconds = (Date.parse(pairing.value.expiresAt) - Date.now()) / 1000;
    const approved = { title, wall, by: actor.user };
    try {
      await tvPairings.put(pairing.key, { ...pairing.value, approved }, { expectedRevision: pairing.revision, ttlSeconds });
    } catch (error) {
      throw error instanceof RevisionConflict ? noSuchCode() : error;
    }
  },
);

const noSuchCode = () =>
  new ProblemError(
    'not-found',
    'No TV shows this code.',
    'Nothing has changed. Open /tv on the TV and type the six characters it shows; each code is good for ten minutes.',
  );
