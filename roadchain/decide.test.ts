import { describe, expect, it } from 'vitest';
import { linkHash, sealLink } from './chain.ts';
import { holderOf } from './holder.ts';
import { nodeCrypto as crypto } from './node/crypto.ts';
import {
  anchorSeed,
  chainOf,
  type Epoch,
  firstEpoch,
  hub,
  nextProposal,
  nonce,
  place,
  START_MS,
  TestAnchor,
} from './node/test-chain.ts';

const DAY_MS = 86_400_000;
const refusal = (code: string) => expect.objectContaining({ kind: 'refused', code });

describe('a device in order', () => {
  it('proves itself, ticks and rotates', () => {
    const { anchor, head } = hub(1);
    const session = nonce();
    const proved = anchor.contact(head, session);
    expect(proved).toMatchObject({ kind: 'proved', narrow: false });
    const ticked = proved.kind === 'proved' ? anchor.tick(head, session, 0, proved.an) : proved;
    expect(ticked.kind).toBe('ticked');
    const next = anchor.rotate(head);
    expect(next).toBeDefined();
    expect(anchor.contact(next as Epoch, session)).toMatchObject({ kind: 'proved', narrow: false });
    expect(anchor.ledger).toHaveLength(2);
    expect(anchor.standing).toBe('active');
  });

  it('is given the same answer to a tick whose answer was lost', () => {
    const { anchor, head } = hub(1);
    const session = nonce();
    const proved = anchor.contact(head, session);
    if (proved.kind !== 'proved') throw new Error('It proved itself.');
    const first = anchor.tick(head, session, 0, proved.an);
    expect(anchor.tick(head, session, 0, proved.an)).toEqual(first);
    expect(anchor.tick(head, session, 5, proved.an)).toEqual(refusal('bad-proof'));
  });

  it('that is not known, or shows what it cannot prove, changes nothing', () => {
    const { anchor, head } = hub(1);
    const stranger = firstEpoch();
    expect(anchor.contact(stranger)).toEqual(refusal('unknown'));
    expect(anchor.prove(head, nonce())).toEqual(refusal('bad-proof'));
    const asked = anchor.hello(head);
    if (asked.kind !== 'challenge') throw new Error('It was asked.');
    expect(anchor.prove({ ...head, seed: stranger.seed }, asked.an)).toEqual(refusal('bad-proof'));
    expect(anchor.ledger).toHaveLength(1);
    // The forged answer did not use up the challenge.
    expect(anchor.prove(head, asked.an).kind).toBe('proved');
    expect(anchor.prove(head, asked.an)).toEqual(refusal('bad-proof'));
  });
});

describe('a copy', () => {
  it('S24 in contact together with the original is found at the second answer', () => {
    const { anchor, head } = hub(1);
    const [original, copy] = [nonce(), nonce()];
    expect(anchor.contact(head, original).kind).toBe('proved');
    expect(anchor.contact(head, copy).kind).toBe('proved');
    expect(anchor.contact(head, original)).toEqual(refusal('contested'));
    expect(anchor.last?.alarms).toMatchObject([{ kind: 'two-holders', noted: false }]);
    expect(anchor.standing).toBe('contested');
  });

  it('S24 that is found is heard in turn with the original, both narrowed, until a person has chosen', () => {
    const { anchor, head } = hub(1);
    const [original, copy] = [nonce(), nonce()];
    for (const session of [original, copy, original]) anchor.contact(head, session);
    const entries = anchor.ledger.length;
    const open = anchor.hello(head);
    for (const session of [original, copy, original, copy]) {
      const proved = anchor.contact(head, session);
      expect(proved).toMatchObject({ kind: 'proved', narrow: true });
      expect(anchor.tick(head, session, 0, (proved as { an: string }).an).kind).toBe('ticked');
    }
    // One that asked before the other was heard is heard as well.
    expect(anchor.prove(head, (open as { an: string }).an, original)).toMatchObject({ kind: 'proved', narrow: true });
    expect(anchor.ledger).toHaveLength(entries);
    expect(anchor.rotate(head)).toBeUndefined();
  });

  it('S24 of two that have the key only who knows the session that was chosen adds a link', () => {
    const { anchor, head } = hub(1);
    const [original, copy] = [nonce(), nonce()];
    const before = nextProposal(head, 'chosen');
    const proposed = anchor.prepare(before, copy);
    for (const session of [original, copy, original]) anchor.contact(head, session);
    anchor.chosen = { holder: holderOf(crypto, original), req: 'chosen', by: 'ada' };
    // What it proposed before, what it proposes now in its own name or in nobody's, and what the other one was asked for another time.
    expect(anchor.commit(before, (proposed as { an: string }).an)).toEqual(refusal('contested'));
    const own = nextProposal(head, 'chosen');
    for (const session of [copy, undefined, holderOf(crypto, original)])
      expect(anchor.prepare(own, session?.padEnd(43, 'A'))).toEqual(refusal('contested'));
    expect(anchor.prepare(nextProposal(head, 'another time'), original)).toEqual(refusal('contested'));
    const next = nextProposal(head, 'chosen');
    const prepared = anchor.prepare(next, original);
    expect(anchor.commit(next, (prepared as { an: string }).an).kind).toBe('committed');
    expect(anchor.state.view).toMatchObject({ standing: 'active', voided: [[0, 0]] });
    expect(anchor.ledger.at(-1)).toMatchObject({ verdict: { body: expect.stringContaining('"by":"ada"') } });
    anchor.chosen = undefined;
    expect(anchor.contact(head, copy)).toEqual(refusal('stale'));
    expect(anchor.last?.alarms).toMatchObject([{ noted: true }]);
    expect(anchor.standing).toBe('active');
  });

  it('S24 a device that starts anew, and late messages of its last start, are no copy', () => {
    const { anchor, head } = hub(1);
    const [before, after] = [nonce(), nonce()];
    anchor.contact(head, before);
    const late = anchor.hello(head);
    if (late.kind !== 'challenge') throw new Error('It was asked.');
    expect(anchor.contact(head, after).kind).toBe('proved');
    expect(anchor.prove(head, late.an, before)).toEqual(refusal('bad-proof'));
    expect(anchor.tick(head, before, 0, late.an)).toEqual(refusal('bad-proof'));
    expect(anchor.standing).toBe('active');
  });

  it('S25 that rotated while the original was away makes the original`s first contact raise the alarm', () => {
    const { anchor, head } = hub(1);
    const copy = anchor.rotate(head) as Epoch;
    expect(anchor.contact(head)).toEqual(refusal('stale'));
    expect(anchor.standing).toBe('contested');
    expect(anchor.last?.alarms).toMatchObject([{ kind: 'stale-key', epoch: 0, noted: false }]);
    expect(anchor.state.view?.why).toMatch(/second copy/);
    expect(anchor.contact(copy)).toMatchObject({ kind: 'proved', narrow: true });
    expect(anchor.rotate(copy)).toBeUndefined();
  });

  it('is not who answers an old challenge by the key of its time', () => {
    const { anchor, head } = hub(1);
    const asked = anchor.hello(head);
    if (asked.kind !== 'challenge') throw new Error('It was asked.');
    anchor.rotate(head);
    expect(anchor.prove(head, asked.an)).toEqual(refusal('stale'));
    expect(anchor.last?.alarms).toEqual([]);
    expect(anchor.standing).toBe('active');
  });

  it('S26 of two links ago is refused at every door, with one alarm, and the device works on, narrowed', () => {
    const { anchor, epochs, head } = hub(3);
    const copy = epochs[0] as Epoch;
    const proposal = nextProposal(copy);
    expect(anchor.prepare(proposal)).toEqual(refusal('stale'));
    expect(anchor.commit(proposal, nonce())).toEqual(refusal('unknown'));
    expect(anchor.standing).toBe('active');
    expect(anchor.contact(copy)).toEqual(refusal('stale'));
    expect(anchor.contact(copy)).toEqual(refusal('stale'));
    expect(anchor.last?.alarms).toMatchObject([{ kind: 'stale-key', noted: true }]);
    expect(anchor.ledger).toHaveLength(4);
    expect(anchor.contact(head)).toMatchObject({ kind: 'proved', narrow: true });
  });

  it('S27 of an epoch that is void is refused and noted, and nothing changes', () => {
    const { anchor, epochs, head } = hub(3);
    anchor.contact(epochs[0] as Epoch);
    anchor.judge('cleared', [0, 2]);
    expect(anchor.standing).toBe('active');
    const entries = anchor.ledger.length;
    expect(anchor.contact(epochs[0] as Epoch)).toEqual(refusal('stale'));
    expect(anchor.contact(epochs[1] as Epoch)).toEqual(refusal('stale'));
    expect(anchor.last?.alarms).toMatchObject([{ kind: 'stale-key', noted: true }]);
    expect(anchor.ledger).toHaveLength(entries);
    expect(anchor.contact(head)).toMatchObject({ kind: 'proved', narrow: false });
  });

  it('S27 once the device rotated, a copy of the last void epoch is only noted too', () => {
    const { anchor, head } = hub(1);
    anchor.contact(head, 'a'.repeat(43));
    anchor.judge('contested');
    anchor.judge('cleared', [0, 0]);
    const next = anchor.rotate(head) as Epoch;
    expect(anchor.contact(head)).toEqual(refusal('stale'));
    expect(anchor.standing).toBe('active');
    expect(anchor.contact(next)).toMatchObject({ kind: 'proved' });
  });

  it('that commits a link against the one that was sealed gives itself away', () => {
    const { anchor, head } = hub(1);
    const [ours, theirs] = [nextProposal(head), nextProposal(head)];
    const first = anchor.prepare(ours);
    const second = anchor.prepare(theirs);
    expect(anchor.last?.alarms).toMatchObject([{ kind: 'proposed-again' }]);
    if (first.kind !== 'prepared' || second.kind !== 'prepared') throw new Error('Both were prepared.');
    expect(anchor.commit(ours, first.an).kind).toBe('committed');
    expect(anchor.commit(theirs, second.an)).toEqual(refusal('stale'));
    expect(anchor.standing).toBe('contested');
  });
});

describe('what the ledger lost', () => {
  it('is taken back from the receipts of the device', () => {
    const epochs = chainOf(4);
    const anchor = new TestAnchor(epochs.slice(0, 2).map(({ link }) => link));
    const head = epochs.at(-1) as Epoch;
    expect(anchor.hello(head)).toEqual(refusal('unknown'));
    const links = epochs.map(({ link }) => link);
    const answer = anchor.hello(head, links);
    expect(answer.kind).toBe('challenge');
    expect(answer.kind === 'challenge' && anchor.prove(head, answer.an)).toMatchObject({ kind: 'proved' });
    expect(anchor.ledger.map((entry) => entry.kind === 'link' && entry.link)).toEqual(links);
  });

  it('is no reason to accuse who commits what follows it', () => {
    const epochs = chainOf(2);
    const [first, second] = epochs as [Epoch, Epoch];
    const anchor = new TestAnchor(epochs.map(({ link }) => link));
    const next = nextProposal(second);
    const prepared = anchor.prepare(next);
    const { pendings } = anchor.state;
    const after = new TestAnchor([first.link]);
    after.state = { ...after.state, pendings };
    expect(prepared.kind === 'prepared' && after.commit(next, prepared.an)).toEqual(refusal('unknown'));
    expect(after.standing).toBe('active');
    after.hello(second, [first.link, second.link]);
    expect(after.prepare(next)).toEqual(prepared);
  });

  it('is not taken from receipts another hub sealed', () => {
    const epochs = chainOf(3);
    const [first, second] = epochs as [Epoch, Epoch];
    const anchor = new TestAnchor([first.link]);
    const forged = sealLink(crypto, crypto.random(32), second.link, place(1));
    expect(anchor.hello(epochs.at(-1) as Epoch, [first.link, forged]).kind).toBe('refused');
    expect(anchor.ledger).toHaveLength(1);
  });

  it('a link that was sealed twice counts as the ledger has it', () => {
    const [first, second] = chainOf(2) as [Epoch, Epoch];
    const again = sealLink(crypto, anchorSeed, second.link, place(7, START_MS + 1000));
    const anchor = new TestAnchor([first.link, again]);
    expect(anchor.hello(second, [first.link, second.link])).toEqual({ kind: 'committed', link: again });
    expect(linkHash(crypto, again)).toBe(linkHash(crypto, second.link));
    expect(anchor.standing).toBe('active');
  });

  it('S31 two different links with one predecessor, both sealed, raise the alarm at whoever holds both', () => {
    const { anchor, head } = hub(1);
    anchor.rotate(head);
    const { proposal } = nextProposal(head);
    const other = sealLink(crypto, anchorSeed, proposal, place(1));
    expect(anchor.hello(head, [head.link, other])).toEqual(refusal('contested'));
    expect(anchor.last?.alarms).toMatchObject([{ kind: 'fork', noted: false }]);
    expect(anchor.standing).toBe('contested');
  });
});

describe('who was away', () => {
  it('S36 for longer than the grace needs a person`s word', () => {
    const { anchor, head } = hub(1);
    anchor.nowMs = START_MS + 15 * DAY_MS;
    const next = nextProposal(head);
    expect(anchor.prepare(next)).toEqual(refusal('absent'));
    expect(anchor.contact(head)).toEqual(refusal('absent'));
    expect(anchor.standing).toBe('contested');
    expect(anchor.contact(head)).toEqual(refusal('absent'));
    expect(anchor.ledger).toHaveLength(2);
    anchor.judge('cleared');
    expect(anchor.contact(head)).toMatchObject({ kind: 'proved', narrow: false });
  });

  it('S36 for less comes back by itself, and each contact starts the time anew', () => {
    const { anchor, head } = hub(1);
    for (const days of [13, 26, 39]) {
      anchor.nowMs = START_MS + days * DAY_MS;
      expect(anchor.contact(head)).toMatchObject({ kind: 'proved', narrow: false });
    }
  });
});

it('S35 who is kept out is refused whatever it says', () => {
  const { anchor, head } = hub(2);
  const session = nonce();
  const proved = anchor.contact(head, session);
  const next = nextProposal(head);
  const prepared = anchor.prepare(next);
  anchor.judge('kept-out');
  const an = proved.kind === 'proved' ? proved.an : '';
  expect(anchor.hello(head)).toEqual(refusal('kept-out'));
  expect(anchor.tick(head, session, 0, an)).toEqual(refusal('kept-out'));
  expect(anchor.prepare(next)).toEqual(refusal('kept-out'));
  expect(anchor.commit(next, prepared.kind === 'prepared' ? prepared.an : '')).toEqual(refusal('kept-out'));
  expect(anchor.ledger).toHaveLength(3);
});
