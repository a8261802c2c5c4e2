import { describe, expect, it } from 'vitest';
import { toBase64url } from './bytes.ts';
import { encode } from './canonical.ts';
import {
  type ChainPoint,
  checkProposed,
  checkSealed,
  checkVerdict,
  headOf,
  linkHash,
  pointOf,
  proposeLink,
  sealLink,
  sealVerdict,
} from './chain.ts';
import { nodeCrypto as crypto } from './node/crypto.ts';
import {
  anchorPk,
  anchorSeed,
  chainOf,
  DEV,
  type Epoch,
  firstEpoch,
  fleet,
  nextProposal,
  nonce,
  place,
} from './node/test-chain.ts';
import { nextSeed, publicKeysOf } from './seeds.ts';

const of = { fleet, dev: DEV };
const [genesis, second, third] = chainOf(3) as [Epoch, Epoch, Epoch];
const at = (epoch: Epoch): ChainPoint => pointOf(crypto, epoch.link);
/** Signed as it should be, but for what is changed. */
function forged(changes: Partial<Parameters<typeof proposeLink>[1]>) {
  const newSeed = crypto.random(32);
  const asked = { cause: 'scheduled' as const, req: 'r', an: nonce(), agent: '1', at: 'now' };
  return proposeLink(crypto, { ...of, ...asked, previous: at(third), oldSeed: third.seed, newSeed, ...changes });
}

describe('a link', () => {
  it('follows the one before, and each seal makes it one of a kind', () => {
    expect(checkSealed(crypto, anchorPk, undefined, genesis.link, of)).toMatchObject({ ok: true });
    expect(checkSealed(crypto, anchorPk, at(genesis), second.link, of)).toMatchObject({ ok: true });
    expect(checkSealed(crypto, anchorPk, at(second), third.link, of)).toMatchObject({ ok: true, value: { epoch: 2 } });
    const again = sealLink(crypto, anchorSeed, third.link, place(9));
    expect(linkHash(crypto, again)).toBe(linkHash(crypto, third.link));
    expect(headOf(crypto, again)).not.toBe(headOf(crypto, third.link));
  });

  it.each<[string, Parameters<typeof forged>[0], string]>([
    ['another predecessor', { previous: { ...at(third), head: nonce() } }, 'prev'],
    ['its predecessor`s predecessor', { previous: at(second) }, 'prev'],
    ['an epoch too many', { previous: { ...at(third), epoch: 3 } }, 'epoch'],
    ['the name of another device', { dev: 'pi-2' }, 'device'],
    ['another fleet', { fleet: nonce() }, 'fleet'],
    ['a signature by an older key', { oldSeed: second.seed }, 'old-signature'],
    ['a signature by a stranger', { oldSeed: crypto.random(32) }, 'old-signature'],
    ['the key it had', { newSeed: third.seed }, 'key'],
    ['the word of a first link', { cause: 'genesis' as never }, 'cause'],
    ['the word of a re-admission nobody allowed', { cause: 'readmit' as never }, 'cause'],
  ])('S28 with %s is refused', (_, changes, flaw) => {
    expect(checkProposed(crypto, at(third), forged({}), of)).toMatchObject({ ok: true });
    expect(checkProposed(crypto, at(third), forged(changes), of)).toEqual({ ok: false, flaw });
  });

  it('S28 without the signature of the new key, or with one for another body, is refused', () => {
    const good = forged({});
    for (const sigNew of ['', 'A'.repeat(86), forged({}).sigNew]) {
      expect(checkProposed(crypto, at(third), { ...good, sigNew }, of)).toEqual({ ok: false, flaw: 'new-signature' });
    }
  });

  it('is refused in any other spelling', () => {
    const good = forged({});
    const spellings = [
      good.body.replace('{', '{ '),
      good.body.replace('"v":1', '"v":1.0'),
      good.body.replace('"v":1', '"v":1,"v":1'),
      good.body.replace('"v":1', '"v":1,"w":1'),
      `${good.body}\n`,
      encode(Object.fromEntries(Object.entries(JSON.parse(good.body)).filter(([key]) => key !== 'agent')) as never),
      '[',
    ];
    for (const body of spellings)
      expect(checkProposed(crypto, at(third), { ...good, body }, of)).toEqual({ ok: false, flaw: 'malformed' });
  });

  it('is refused with the seal of another hub, or of another link', () => {
    const { proposal } = nextProposal(third);
    const sealed = sealLink(crypto, anchorSeed, proposal, place(3));
    expect(checkSealed(crypto, anchorPk, at(third), sealed, of)).toMatchObject({ ok: true });
    const foreign = sealLink(crypto, crypto.random(32), proposal, place(3));
    const swapped = { ...sealed, seal: second.link.seal };
    const altered = { ...sealed, seal: { ...sealed.seal, body: sealed.seal.body.replace('"seq":3', '"seq":4') } };
    for (const link of [foreign, swapped, altered]) {
      expect(checkSealed(crypto, anchorPk, at(third), link, of)).toEqual({ ok: false, flaw: 'seal' });
    }
  });
});

it('the next secret needs the one before, the fresh bytes, the nonce, the head, the name and the epoch', () => {
  const inputs = { seed: third.seed, random: crypto.random(32), an: nonce(), head: at(third).head, dev: DEV, epoch: 3 };
  const others = [
    { seed: second.seed },
    { random: crypto.random(32) },
    { an: nonce() },
    { head: at(second).head },
    { dev: 'pi-2' },
    { epoch: 4 },
  ];
  const seed = nextSeed(crypto, inputs);
  expect(nextSeed(crypto, inputs)).toEqual(seed);
  for (const other of others) expect(nextSeed(crypto, { ...inputs, ...other })).not.toEqual(seed);
  const { pk, ek } = publicKeysOf(crypto, seed);
  expect(new Set([pk, ek, toBase64url(crypto.publicKey(seed))]).size).toBe(3);
});

it('a verdict counts with the seal of the hub, for its device alone', () => {
  const said = { ...of, head: at(third).head, status: 'contested' as const, why: 'a copy', by: 'hub', at: place(0).at };
  const verdict = sealVerdict(crypto, anchorSeed, said, 4);
  expect(checkVerdict(crypto, anchorPk, verdict, of)).toMatchObject({ ok: true, value: { status: 'contested' } });
  expect(checkVerdict(crypto, anchorPk, verdict, { ...of, dev: 'pi-2' })).toEqual({ ok: false, flaw: 'device' });
  const softened = { ...verdict, verdict: { ...verdict.verdict, body: verdict.verdict.body.replace('contested', 'cleared') } };
  expect(checkVerdict(crypto, anchorPk, softened, of)).toEqual({ ok: false, flaw: 'seal' });
  expect(checkVerdict(crypto, anchorPk, sealVerdict(crypto, firstEpoch().seed, said, 4), of)).toEqual({
    ok: false,
    flaw: 'seal',
  });
});
