import { afterEach, expect, it, vi } from 'vitest';
import { toBase64url, utf8 } from '../bytes.ts';
import { nodeCrypto } from '../node/crypto.ts';

afterEach(() => vi.unstubAllGlobals());

const seed = nodeCrypto.random(32);
const publicKey = nodeCrypto.publicKey(seed);
const message = utf8('roadchain');
const signature = nodeCrypto.sign(seed, message);

it.each([
  ['by itself', undefined],
  ['in a page without TLS, where it has no cryptography', {}],
])('a browser agrees with a device on what a signature is, %s', async (_, without) => {
  vi.resetModules();
  if (without) vi.stubGlobal('crypto', without);
  const { verify, sha256 } = await import('./crypto.ts');
  expect(await verify(publicKey, message, signature)).toBe(true);
  expect(await verify(publicKey, utf8('roadchains'), signature)).toBe(false);
  expect(await verify(nodeCrypto.publicKey(nodeCrypto.random(32)), message, signature)).toBe(false);
  expect(await verify(new Uint8Array(3), message, signature)).toBe(false);
  expect(await verify(publicKey, message, signature.subarray(1))).toBe(false);
  expect(toBase64url(sha256(message))).toBe(toBase64url(nodeCrypto.sha256(message)));
});
