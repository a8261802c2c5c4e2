/** `ChainCrypto` by node:crypto: on devices and at the hub. */
import {
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import type { ChainCrypto } from '../crypto.ts';

/** DER around a raw key (RFC 8410): PKCS #8 for a seed, SPKI for a public key. */
const PKCS8 = { ed25519: '302e020100300506032b657004220420', x25519: '302e020100300506032b656e04220420' } as const;
const SPKI_ED25519 = '302a300506032b6570032100';

const privateKey = (kind: keyof typeof PKCS8, raw: Uint8Array) =>
  createPrivateKey({ key: Buffer.concat([Buffer.from(PKCS8[kind], 'hex'), raw]), format: 'der', type: 'pkcs8' });
const rawPublic = (kind: keyof typeof PKCS8, raw: Uint8Array) =>
  new Uint8Array(createPublicKey(privateKey(kind, raw)).export({ format: 'der', type: 'spki' }).subarray(-32));

/** Reading a key costs as much as checking a signature with it, and most are used again: the anchor's by everybody. */
const MOST_PUBLIC_KEYS = 2_048;
const publicKeys = new Map<string, KeyObject>();
function readPublicKey(raw: Uint8Array): KeyObject {
  const name = Buffer.from(raw).toString('latin1');
  const known = publicKeys.get(name);
  if (known) return known;
  const key = createPublicKey({ key: Buffer.concat([Buffer.from(SPKI_ED25519, 'hex'), raw]), format: 'der', type: 'spki' });
  if (publicKeys.size >= MOST_PUBLIC_KEYS) publicKeys.delete(publicKeys.keys().next().value!);
  publicKeys.set(name, key);
  return key;
}
/** For as long as somebody holds the seed: no secret stays behind it. Nobody writes into a seed. */
const signingKeys = new WeakMap<Uint8Array, KeyObject>();
function readSigningKey(seed: Uint8Array): KeyObject {
  const key = signingKeys.get(seed) ?? privateKey('ed25519', seed);
  signingKeys.set(seed, key);
  return key;
}

export const nodeCrypto: ChainCrypto = {
  sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
  hmacSha256: (key, bytes) => new Uint8Array(createHmac('sha256', key).update(bytes).digest()),
  hkdf: (key, salt, info, length) => new Uint8Array(hkdfSync('sha256', key, salt, info, length)),
  random: (length) => new Uint8Array(randomBytes(length)),
  publicKey: (seed) => rawPublic('ed25519', seed),
  sign: (seed, message) => new Uint8Array(sign(null, message, readSigningKey(seed))),
  verify: (publicKey, message, signature) => verify(null, message, readPublicKey(publicKey), signature),
  sealingKey: (raw) => rawPublic('x25519', raw),
};
