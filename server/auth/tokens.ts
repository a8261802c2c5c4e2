/** API tokens in the bucket `users`, kept under the digest of their secret. */
import { RevisionConflict } from '../kv/store.ts';
import { ACCOUNT_KEY, type Accounts, type TokenRecord } from './accounts.ts';

/** A token in use is written at most this often. */
const NOTE_USE_AFTER_MS = 60_000;
const NEVER = '1970-01-01';

/** undefined: there is none, or its time is over. */
export async function findToken(
  { tokens }: Pick<Accounts, 'tokens'>,
  digest: string,
  purpose: 'used' | 'looked at',
): Promise<TokenRecord | undefined> {
  const entry = await tokens.get(ACCOUNT_KEY.token(digest));
  const now = Date.now();
  if (!entry || isOver(entry.value, now)) return undefined;
  const { value, key, revision } = entry;
  // The token of the machine is renewed at each start, and nobody asks when it was used.
  if (purpose === 'used' && value.tid && now - Date.parse(value.lastUsedAt ?? NEVER) >= NOTE_USE_AFTER_MS)
    await tokens
      .put(key, { ...value, lastUsedAt: new Date(now).toISOString() }, { expectedRevision: revision })
      .catch((error: unknown) => {
        // Taken back, or noted by another request, at the same moment.
        if (!(error instanceof RevisionConflict)) throw error;
      });
  return value;
}

/** Of its key in the bucket. */
export const digestOfTokenKey = (key: string): string => key.slice(key.lastIndexOf('.') + 1);

export const isOver = ({ expiresAt }: TokenRecord, nowMs: number): boolean =>
  expiresAt !== undefined && Date.parse(expiresAt) <= nowMs;
