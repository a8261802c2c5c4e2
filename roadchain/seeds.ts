/** The secret of each epoch and the two keys that come from it. */
import { concat, EMPTY, fromBase64url, toBase64url, utf8 } from './bytes.ts';
import type { ChainCrypto } from './crypto.ts';

export interface SeedInputs {
  /** Secret of the epoch before; whoever has not got it cannot compute the next, even where `random` is weak early at boot. */
  seed: Uint8Array;
  /** 32 fresh bytes: whoever copied the disk cannot compute the next secret. */
  random: Uint8Array;
  /** Nonce of the anchor, base64url. */
  an: string;
  /** Head before the link, base64url: binds the key to exactly this history. */
  head: string;
  dev: string;
  epoch: number;
}

export const nextSeed = (crypto: ChainCrypto, { seed, random, an, head, dev, epoch }: SeedInputs): Uint8Array =>
  crypto.hkdf(concat(seed, random, fromBase64url(an)), fromBase64url(head), utf8(`roadchain/v1/seed\0${dev}\0${epoch}`), 32);

/** Seed of the Ed25519 key that signs links, and that is the NATS user of its epoch. */
export const signingSeed = (crypto: ChainCrypto, seed: Uint8Array): Uint8Array => crypto.hkdf(seed, EMPTY, utf8('sign'), 32);
/** Private X25519 key that opens what was sealed to the device. */
export const openingKey = (crypto: ChainCrypto, seed: Uint8Array): Uint8Array => crypto.hkdf(seed, EMPTY, utf8('seal'), 32);

/** What a link says of the keys of a seed. */
export const publicKeysOf = (crypto: ChainCrypto, seed: Uint8Array): { pk: string; ek: string } => ({
  pk: toBase64url(crypto.publicKey(signingSeed(crypto, seed))),
  ek: toBase64url(crypto.sealingKey(openingKey(crypto, seed))),
});
