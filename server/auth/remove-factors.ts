/** Takes away every passkey and code app kept under a name. */
import type { Hub } from '../hub.ts';
import { FACTOR_KEY } from './factors.ts';

export async function removeFactors({ buckets }: Pick<Hub, 'buckets'>, user: string): Promise<void> {
  const { passkeys, totps } = buckets;
  const kept = await passkeys.list(FACTOR_KEY.passkeysOf(user));
  await Promise.all(kept.map(({ key }) => passkeys.delete(key)));
  if (await totps.get(FACTOR_KEY.totp(user))) await totps.delete(FACTOR_KEY.totp(user));
}
