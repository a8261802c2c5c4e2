/** Keys of code apps: kept sealed, and each code taken once. */
import { ProblemError } from '#contracts/problem.ts';
import type { Hub } from '../../hub.ts';
import type { Entry } from '../../kv/bucket.ts';
import { RevisionConflict } from '../../kv/store.ts';
import { FACTOR_KEY, isTheirs, type TotpRecord, type Whose } from '../factors.ts';
import { recoveryDigest, stepOf } from './codes.ts';

type Parts = Pick<Hub, 'buckets' | 'seal'>;

const MOST_ATTEMPTS = 5;

/** Also one that is not confirmed yet. */
export async function findTotp({ buckets }: Pick<Hub, 'buckets'>, who: Whose): Promise<Entry<TotpRecord> | undefined> {
  const entry = await buckets.totps.get(FACTOR_KEY.totp(who.user));
  return entry && isTheirs(entry.value, who) ? entry : undefined;
}

/** Sealed for one person: the key of somebody else, put in its place, does not open. */
const contextOf = ({ user, id }: Whose) => `totp ${user} ${id ?? ''}`;
export const sealKey = ({ seal }: Pick<Hub, 'seal'>, who: Whose, key: string): string => seal.close(key, contextOf(who));
export const openKey = ({ seal }: Pick<Hub, 'seal'>, record: TotpRecord): string => seal.open(record.sealed, contextOf(record));

/**
 * Takes a code of the app or, where allowed, a recovery code. True for exactly one of all who use the same code: what was used is
 * written over what was read.
 */
export async function takeCode(
  hub: Parts,
  who: Whose,
  code: string,
  change: (record: TotpRecord) => TotpRecord = (record) => record,
): Promise<'totp' | 'recovery' | undefined> {
  for (let attempt = 1; ; attempt++) {
    const entry = await findTotp(hub, who);
    const used = entry && use(hub, entry.value, code);
    if (!entry || !used) return undefined;
    try {
      await hub.buckets.totps.put(entry.key, change(used.record), { expectedRevision: entry.revision });
      return used.kind;
    } catch (error) {
      if (!(error instanceof RevisionConflict) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

function use(hub: Parts, record: TotpRecord, code: string): { record: TotpRecord; kind: 'totp' | 'recovery' } | undefined {
  const step = stepOf(openKey(hub, record), code, Date.now());
  if (step !== undefined) return step > record.lastStep ? { record: { ...record, lastStep: step }, kind: 'totp' } : undefined;
  const recovery = recoveryDigest(code);
  if (recovery === undefined || !record.recovery.includes(recovery)) return undefined;
  return { record: { ...record, recovery: record.recovery.filter((one) => one !== recovery) }, kind: 'recovery' };
}

export const wrongCode = () =>
  new ProblemError(
    'unauthenticated',
    'This code is not good, or was used already.',
    'Devices are not affected. Wait for the next one in your app, or use a recovery code. The clock of the phone must be right.',
  );
