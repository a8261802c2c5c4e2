/** Cryptography that cannot be broken, for exploring many states: every digest is a fresh number, remembered by what went in. */
import { concat } from '../bytes.ts';
import type { ChainCrypto } from '../crypto.ts';

const latin1 = (bytes: Uint8Array): string => String.fromCharCode.apply(null, bytes as unknown as number[]);

export function symbolicCrypto(): ChainCrypto {
  const known = new Map<string, Uint8Array>();
  let next = 1;
  const fresh = (): Uint8Array => {
    const bytes = new Uint8Array(32);
    for (let at = 0, rest = next++; rest > 0; at++, rest = Math.floor(rest / 256)) bytes[at] = rest % 256;
    return bytes;
  };
  const digest = (kind: string, ...parts: Uint8Array[]): Uint8Array => {
    const key = kind + parts.map((part) => `${part.length}:${latin1(part)}`).join('');
    let value = known.get(key);
    if (!value) {
      value = fresh();
      known.set(key, value);
    }
    return value;
  };
  const publicKey = (seed: Uint8Array) => digest('key', seed);
  const signature = (pk: Uint8Array, message: Uint8Array) => concat(pk, digest('signed', message));
  return {
    sha256: (bytes) => digest('sha256', bytes),
    hmacSha256: (key, bytes) => digest('hmac', key, bytes),
    hkdf: (key, salt, info) => digest('hkdf', key, salt, info),
    random: fresh,
    publicKey,
    sign: (seed, message) => signature(publicKey(seed), message),
    verify: (pk, message, sig) => {
      const right = signature(pk, message);
      return right.length === sig.length && right.every((byte, at) => byte === sig[at]);
    },
    sealingKey: (raw) => digest('sealing', raw),
  };
}
