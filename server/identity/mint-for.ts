/** Credentials for the key of an epoch. */
import { fromBase64url } from '#roadchain/bytes.ts';
import { mintDeviceUser } from '#server/nats/mint.ts';
import { userKeyOf } from '#server/nats/nkey.ts';
import type { Hub } from '../hub.ts';

/** The chain's key, as NATS writes it. */
export const natsKeyOf = (pk: string): string => userKeyOf(fromBase64url(pk));

export const mintFor = ({ minting, identity }: Pick<Hub, 'minting' | 'identity'>, device: string, pk: string): string =>
  mintDeviceUser(minting, {
    name: device,
    publicKey: natsKeyOf(pk),
    expiresAt: new Date(Date.now() + identity.settings.jwtMs),
  });
