import { randomBytes } from 'node:crypto';
import { fromSeed } from '@nats-io/nkeys';
import { expect, it } from 'vitest';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { userPublicKey, userSeed } from './nkey-text.ts';

it('writes keys as the library of NATS reads them', () => {
  for (let round = 0; round < 50; round++) {
    const raw = new Uint8Array(randomBytes(32));
    const pair = fromSeed(userSeed(raw));
    const publicKey = nodeCrypto.publicKey(raw);
    expect(pair.getPublicKey()).toBe(userPublicKey(publicKey));
    const message = new TextEncoder().encode('nonce');
    expect(nodeCrypto.verify(publicKey, message, pair.sign(message))).toBe(true);
  }
});
