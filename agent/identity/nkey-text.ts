/** A raw Ed25519 key in the letters NATS uses: the key of an epoch is its NATS user. */
import { withChecksum } from '#contracts/nkey.ts';

/** Base32 makes `U` of the first five bits of the one, `SU` of the first ten of the other. */
const USER = 20 << 3;
const SEED_OF_USER = [(18 << 3) | (USER >> 5), (USER & 31) << 3];

export const userPublicKey = (raw: Uint8Array): string => withChecksum(Uint8Array.of(USER, ...raw));

/** As bytes: that is how the NATS client takes it. */
export const userSeed = (raw: Uint8Array): Uint8Array =>
  new TextEncoder().encode(withChecksum(Uint8Array.of(...SEED_OF_USER, ...raw)));
