/** Credentials for the key of an epoch. */
import { fromBase64url } from '#roadchain/bytes.ts';
import { mintDeviceUser } from '#server/nats/mint.ts';
import { userKeyOf } from '#server/nats/nkey.ts';
import type { Hub } from '../hub.ts';

/** The chain's key, as NATS writes it. */
export const natsKeyOf = (pk: string): string => userKeyOf(fromBase64url(pk));

/** For status and identity alone while the device is contested, whoever asks and however. */
export function mintFor({ minting, identity }: Pick<Hub, 'minting' | 'identity'>, device: string, pk: string): string {
  const { guard, ledger, settings } = identity;
  const publicKey = natsKeyOf(pk);
  return mintDeviceUser(minting, {
    name: device,
    publicKey,
    expiresAt: new Date(Date.now() + settings.jwtMs),
    after: guard.refusedAt(publicKey),
    contested: ledger.viewOf(device)?.standing === 'contested',
  });
}
