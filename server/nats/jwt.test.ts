import { createUser, fromPublic, type KeyPair } from '@nats-io/nkeys';
import { describe, expect, it } from 'vitest';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { encodeUserJwt, formatCreds, parseCreds, readJwt } from './jwt.ts';
import { createNkey, nkeyFromSeed, toBase32, userKeyOf } from './nkey.ts';

describe('a key', () => {
  it('signs what the public key verifies, before and after it was stored', () => {
    const key = createNkey('account');
    const again = nkeyFromSeed(`${key.seed}\n`, 'account');
    expect(again.publicKey).toBe(key.publicKey);
    const data = Buffer.from('text');
    expect(fromPublic(key.publicKey).verify(data, again.sign('text'))).toBe(true);
    expect(fromPublic(key.publicKey).verify(data, again.sign('other'))).toBe(false);
  });

  it('raw, is written as NATS writes a user', () => {
    const user: KeyPair = createUser();
    // Two bytes of prefix, 32 bytes of seed, two bytes of checksum: the library gives the raw key to nobody else.
    const raw = (user as KeyPair & { getRawSeed?(): Uint8Array }).getRawSeed;
    expect(raw).toBeTypeOf('function');
    expect(userKeyOf(nodeCrypto.publicKey(raw!.call(user)))).toBe(user.getPublicKey());
    expect(() => userKeyOf(new Uint8Array(31))).toThrow(TypeError);
  });

  it('of another kind is refused', () => {
    expect(() => nkeyFromSeed(createNkey('user').seed, 'account')).toThrow(/another kind/);
    expect(() => nkeyFromSeed('SUNOTHING', 'user')).toThrow(/not the seed/);
  });

  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foobar', 'MZXW6YTBOI'],
  ])('base32 of %j is %j', (text, expected) => expect(toBase32(Buffer.from(text))).toBe(expected));
});

describe('a user', () => {
  const signer = createNkey('account');
  const user = createNkey('user');

  it('signed by a scoped key brings nothing of its own', () => {
    const claims = readJwt(encodeUserJwt({ publicKey: user.publicKey, name: 'alice', account: 'AACC' }, signer));
    expect(claims).toMatchObject({ sub: user.publicKey, iss: signer.publicKey, name: 'alice' });
    expect(claims.nats).toEqual({ type: 'user', version: 2, issuer_account: 'AACC' });
    expect(claims.exp).toBeUndefined();
  });

  it('signed by the account itself names no issuer account', () => {
    const jwt = encodeUserJwt({ publicKey: user.publicKey, name: 'a', account: signer.publicKey, permissions: {} }, signer);
    expect(readJwt(jwt).nats.issuer_account).toBeUndefined();
  });

  it('is signed over header and claims', () => {
    const jwt = encodeUserJwt({ publicKey: user.publicKey, name: 'a', account: 'A', expiresAt: new Date(5_000) }, signer);
    const [header, body, signature] = jwt.split('.');
    expect(fromPublic(signer.publicKey).verify(Buffer.from(`${header}.${body}`), Buffer.from(signature!, 'base64url'))).toBe(
      true,
    );
    expect(readJwt(jwt).exp).toBe(5);
  });
});

describe('creds', () => {
  it('come apart as they were put together', () =>
    expect(parseCreds(formatCreds('aaa.bbb.ccc', 'SUABC'))).toEqual({ jwt: 'aaa.bbb.ccc', seed: 'SUABC' }));
  it('that are none are refused', () => expect(() => parseCreds('hello')).toThrow(/not a NATS creds file/));
});
