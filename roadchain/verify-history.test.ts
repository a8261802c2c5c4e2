import { describe, expect, it } from 'vitest';
import { sha256, verify } from './browser/crypto.ts';
import { toBase64url } from './bytes.ts';
import { pointOf, sealLink, sealVerdict } from './chain.ts';
import { signCheckpoint } from './checkpoint.ts';
import type { LedgerEntry } from './link.ts';
import { leafOf, MerkleTree } from './merkle.ts';
import { nodeCrypto as crypto } from './node/crypto.ts';
import { anchorPk, anchorSeed, chainOf, DEV, type Epoch, firstEpoch, fleet, nextProposal, place } from './node/test-chain.ts';
import { type History, type Pinned, verifyHistory } from './verify-history.ts';

const epochs = chainOf(4);
const links: LedgerEntry[] = epochs.map(({ link }) => ({ kind: 'link', link }));
const contested = sealVerdict(
  crypto,
  anchorSeed,
  {
    fleet,
    dev: DEV,
    head: pointOf(crypto, (epochs[3] as Epoch).link).head,
    status: 'contested',
    why: 'a copy',
    by: 'hub',
    at: '',
  },
  9,
);
/** Something of other devices in between. */
const others = Array.from({ length: 5 }, (): LedgerEntry => ({ kind: 'link', link: firstEpoch().link }));
const LEDGER: LedgerEntry[] = [
  others[0],
  links[0],
  links[1],
  others[1],
  others[2],
  links[2],
  links[3],
  others[3],
  contested,
  others[4],
] as LedgerEntry[];
const OURS = [1, 2, 5, 6, 8];

/** What an honest hub with this ledger says. */
function told(ledger: readonly LedgerEntry[], from = 0, places = OURS, seed = anchorSeed): History {
  const tree = new MerkleTree(
    sha256,
    ledger.map((entry) => leafOf(sha256, entry)),
  );
  const texts = (proof: Uint8Array[]) => proof.map(toBase64url);
  return {
    anchor: anchorPk,
    device: DEV,
    entries: places.map((seq) => ({ seq, entry: ledger[seq] })),
    checkpoint: signCheckpoint(crypto, seed, { fleet, size: ledger.length, root: tree.root(), at: '2026-01-01T00:00:00Z' }),
    consistency: texts(tree.consistency(Math.min(from, ledger.length))),
    inclusion: places.map((seq) => ({ seq, proof: texts(tree.inclusion(seq)) })),
  };
}
const pinAt = (size: number): Pinned => {
  const tree = new MerkleTree(
    sha256,
    LEDGER.slice(0, size).map((entry) => leafOf(sha256, entry)),
  );
  return { fleet, size, root: toBase64url(tree.root()) };
};
const check = (history: History, pinned?: Pinned) => verifyHistory(sha256, verify, history, pinned);

describe('the history of a device, looked at in a browser', () => {
  it('holds, from nothing and from what was seen before', async () => {
    expect(await check(told(LEDGER))).toEqual({ ok: true, size: 10, whole: true, epoch: 3, pin: pinAt(10) });
    for (const size of [1, 4, 9, 10]) expect(await check(told(LEDGER, size), pinAt(size))).toMatchObject({ ok: true, size: 10 });
  });

  it('says when its beginning is not shown', async () => {
    expect(await check(told(LEDGER, 0, [5, 6, 8]))).toMatchObject({ ok: true, whole: false, epoch: 3 });
  });

  it('S32 refuses a ledger whose entry was rewritten', async () => {
    const rewritten = LEDGER.with(4, others[0] as LedgerEntry);
    expect(await check(told(rewritten, 9), pinAt(9))).toEqual({ ok: false, flaw: 'rewritten' });
    const history = told(LEDGER);
    const entries = history.entries.map((one) => (one.seq === 2 ? { ...one, entry: links[0] } : one));
    expect(await check({ ...history, entries })).toEqual({ ok: false, flaw: 'not-included', seq: 2 });
  });

  it('S32 refuses a ledger whose entry was dropped, and a chain that misses a link', async () => {
    const dropped = LEDGER.toSpliced(2, 1);
    expect(await check(told(dropped, 9, [1, 4, 5, 7]), pinAt(9))).toEqual({ ok: false, flaw: 'rewritten' });
    expect(await check(told(dropped, 0, [1, 4, 5, 7]))).toEqual({ ok: false, flaw: 'prev', seq: 4 });
    expect(await check(told(LEDGER, 0, [1, 5, 6]))).toEqual({ ok: false, flaw: 'prev', seq: 5 });
  });

  it('S33 refuses a ledger that shrank, also after it grew again', async () => {
    expect(await check(told(LEDGER.slice(0, 7), 9, [1, 2, 5, 6]), pinAt(9))).toEqual({ ok: false, flaw: 'shrunk' });
    const regrown = [...LEDGER.slice(0, 7), ...others];
    expect(await check(told(regrown, 9, [1, 2, 5, 6]), pinAt(9))).toEqual({ ok: false, flaw: 'rewritten' });
  });

  it('S31 refuses two links with one predecessor, though both are sealed', async () => {
    const { proposal } = nextProposal(epochs[1] as Epoch);
    const fork: LedgerEntry = { kind: 'link', link: sealLink(crypto, anchorSeed, proposal, place(9)) };
    expect(await check(told([...LEDGER, fork], 0, [...OURS, 10]))).toEqual({ ok: false, flaw: 'prev', seq: 10 });
  });

  it('refuses the word of another hub', async () => {
    const history = told(LEDGER);
    const stranger = crypto.random(32);
    expect(await check(told(LEDGER, 0, OURS, stranger))).toEqual({ ok: false, flaw: 'signature' });
    expect(await check(history, { ...pinAt(9), fleet: toBase64url(stranger) })).toEqual({ ok: false, flaw: 'other-fleet' });
    expect(await check({ ...history, anchor: toBase64url(crypto.publicKey(stranger)) })).toEqual({
      ok: false,
      flaw: 'checkpoint',
    });
    expect(await check({ ...history, device: 'pi-2' })).toEqual({ ok: false, flaw: 'device', seq: 1 });
  });

  it('refuses a seal, a link or a verdict whose signature is not one', async () => {
    const link = (epochs[2] as Epoch).link;
    const badSeal: LedgerEntry = { kind: 'link', link: { ...link, seal: { ...link.seal, sig: 'A'.repeat(86) } } };
    expect(await check(told(LEDGER.with(5, badSeal), 0, [1, 2, 5]))).toEqual({ ok: false, flaw: 'signature', seq: 5 });
    const forged = sealVerdict(crypto, crypto.random(32), { ...JSON.parse(contested.verdict.body) }, 9);
    expect(await check(told(LEDGER.with(8, forged)))).toEqual({ ok: false, flaw: 'signature', seq: 8 });
  });

  it('refuses what is not in order or not in its form', async () => {
    const history = told(LEDGER);
    expect(await check({ ...history, entries: [...history.entries].reverse() })).toMatchObject({ ok: false });
    expect(await check({ ...history, entries: [{ seq: 1, entry: { kind: 'nothing' } }] })).toEqual({
      ok: false,
      flaw: 'malformed',
      seq: 1,
    });
    expect(await check({ ...history, inclusion: [] })).toEqual({ ok: false, flaw: 'not-included', seq: 1 });
    expect(await check({ ...history, consistency: ['?'] })).toEqual({ ok: false, flaw: 'malformed' });
  });
});
