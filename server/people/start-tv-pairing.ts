/** Gives a screen that nobody knows a code to show, and a secret to keep. It gets nothing by itself. */
import type { TvPairing } from '#contracts/api-people.ts';
import { audited } from '../audit/audited.ts';
import { SESSION_KEY } from '../auth/accounts.ts';
import { sourceOf } from '../auth/login-throttle.ts';
import { digest, newSecret } from '../auth/secret.ts';
import { TooManyAttempts } from '../auth/too-many-attempts.ts';
import { RevisionConflict } from '../kv/store.ts';
import { checkBound } from './one-time-link.ts';
import { newCode } from './tv-code.ts';

const LIFE_MS = 10 * 60_000;
const MOST_PAIRINGS = 200;

export const startTvPairing = audited<{ source: string }, TvPairing>(
  'tv.show-code',
  () => 'a TV',
  async ({ ctx: { hub }, input: { source } }) => {
    // Counted apart from passwords: a TV that was left alone must not keep its owner out.
    const waitMs = hub.throttle.begin(`tv ${sourceOf(source)}`, Date.now());
    if (waitMs > 0) throw new TooManyAttempts(Math.ceil(waitMs / 1000));
    const { tvPairings } = hub.buckets;
    checkBound((await tvPairings.list(SESSION_KEY.tvPairings)).length, MOST_PAIRINGS, 'TVs waiting');
    const secret = newSecret();
    const expiresAt = new Date(Date.now() + LIFE_MS).toISOString();
    for (;;) {
      const code = newCode();
      try {
        await tvPairings.create(
          SESSION_KEY.tvPairing(code),
          { digest: digest(secret), expiresAt },
          { ttlSeconds: LIFE_MS / 1000 },
        );
        return { code, secret, expiresAt };
      } catch (error) {
        if (!(error instanceof RevisionConflict)) throw error;
      }
    }
  },
);
