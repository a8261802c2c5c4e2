/** Checking of signatures and digests in a page: by the browser where it can, by JavaScript where it cannot or must not (http). */
import { ed25519 } from '@noble/curves/ed25519.js';
import { sha256 } from '@noble/hashes/sha2.js';
import type { Verify } from '../verify-history.ts';

export { sha256 };

/** Strict, as Node checks: signatures that only the lax rules of ZIP 215 allow are refused. */
const verifyBySoftware = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean => {
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
};
// The DOM's types want bytes that are not shared between threads.
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

let canVerify: Promise<boolean> | undefined;
/** Older browsers know no Ed25519, and a page without TLS has no `subtle` at all. */
async function askBrowser(): Promise<boolean> {
  try {
    await crypto.subtle.importKey('raw', own(ed25519.Point.BASE.toBytes()), 'Ed25519', false, ['verify']);
    return true;
  } catch {
    return false;
  }
}

export const verify: Verify = async (publicKey, message, signature) => {
  canVerify ??= askBrowser();
  if (!(await canVerify)) return verifyBySoftware(publicKey, message, signature);
  try {
    const key = await crypto.subtle.importKey('raw', own(publicKey), 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, own(signature), own(message));
  } catch {
    return false;
  }
};
