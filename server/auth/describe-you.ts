/** The ways in that a person has. No key and no hash is among them. */
import type { Passkey, You } from '#contracts/api-auth.ts';
import type { Hub } from '../hub.ts';
import type { PasskeyRecord } from './factors.ts';
import { findAccount } from './find-account.ts';
import { passkeysOf } from './passkeys/passkeys.ts';
import { digest } from './secret.ts';
import { findTotp } from './totp/totp.ts';
import type { Yourself } from './yourself.ts';

export async function describeYou(hub: Hub, { who }: Yourself): Promise<You> {
  const [account, passkeys, totp] = await Promise.all([
    findAccount(hub.buckets, who.user),
    passkeysOf(hub, who),
    findTotp(hub, who),
  ]);
  return {
    user: who.user,
    source: account?.oidc ? 'oidc' : 'here',
    hasPassword: account?.passwordHash !== undefined,
    passkeys: passkeys.map(({ value }) => toPasskey(value)),
    ...(totp?.value.confirmedAt
      ? { totp: { since: totp.value.confirmedAt, recoveryCodesLeft: totp.value.recovery.length } }
      : {}),
  };
}

export const toPasskey = ({ credentialId, name, rpId, synced, createdAt, lastUsedAt }: PasskeyRecord): Passkey => ({
  id: digest(credentialId),
  name,
  host: rpId,
  synced,
  createdAt,
  ...(lastUsedAt ? { lastUsedAt } : {}),
});
