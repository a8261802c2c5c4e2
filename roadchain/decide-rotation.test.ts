import { describe, expect, it } from 'vitest';
import type { UpRequest } from './messages.ts';
import { type Epoch, hub, nextProposal, nonce } from './node/test-chain.ts';

const refusal = (code: string) => expect.objectContaining({ kind: 'refused', code });

describe('rotation', () => {
  it.each<[string, (good: ReturnType<typeof nextProposal>) => Partial<Extract<UpRequest, { op: 'prepare' }>>]>([
    ['another predecessor', ({ proposal }) => ({ body: proposal.body.replace(/"prev":"[^"]+"/, `"prev":"${nonce()}"`) })],
    ['an epoch too many', ({ proposal }) => ({ body: proposal.body.replace('"epoch":2', '"epoch":3') })],
    ['another device', ({ proposal }) => ({ body: proposal.body.replace('pi-1', 'pi-2') })],
    ['no signature by the new key', () => ({ sigNew: 'A'.repeat(86) })],
    ['no signature by the old key', () => ({ sigOld: '' })],
    ['spaces in the body', ({ proposal }) => ({ body: proposal.body.replace(',', ', ') })],
  ])('S28 a link with %s is refused and the ledger stays as long as it is', (_, change) => {
    const { anchor, head } = hub(2);
    const good = nextProposal(head);
    const request = { op: 'prepare' as const, ...good.proposal, ...change(good) };
    expect(anchor.ask(request).kind).toBe('refused');
    expect(anchor.state.pendings).toEqual([]);
    expect(anchor.ledger).toHaveLength(2);
    expect(anchor.standing).toBe('active');
  });

  it('S28 a link signed by a key of two epochs ago is refused', () => {
    const { anchor, epochs, head } = hub(2);
    const forged = nextProposal({ seed: (epochs[0] as Epoch).seed, link: head.link });
    expect(anchor.prepare(forged)).toEqual(refusal('bad-proof'));
  });

  it('S30 PREPARE and COMMIT, doubled and out of order, have one and the same receipt', () => {
    const { anchor, head } = hub(1);
    const next = nextProposal(head);
    expect(anchor.commit(next, nonce())).toEqual(refusal('unknown'));
    const prepared = anchor.prepare(next);
    expect(anchor.prepare(next)).toEqual(prepared);
    if (prepared.kind !== 'prepared') throw new Error('It was prepared.');
    expect(anchor.commit(next, prepared.an)).toEqual({ kind: 'committed' });
    const receipt = { kind: 'committed', link: anchor.state.view?.headLink };
    expect(anchor.commit(next, prepared.an)).toEqual(receipt);
    expect(anchor.prepare(next)).toEqual(receipt);
    expect(anchor.ledger).toHaveLength(2);
    const later = anchor.rotate({ seed: next.seed, link: receipt.link as never }) as Epoch;
    expect(anchor.prepare(next)).toEqual(refusal('stale'));
    expect(anchor.contact(later).kind).toBe('proved');
    expect(anchor.standing).toBe('active');
  });

  it('a commit for another nonce or by another key is refused', () => {
    const { anchor, head } = hub(1);
    const next = nextProposal(head);
    const prepared = anchor.prepare(next);
    if (prepared.kind !== 'prepared') throw new Error('It was prepared.');
    expect(anchor.commit(next, nonce())).toEqual(refusal('bad-proof'));
    expect(anchor.commit({ ...next, seed: head.seed }, prepared.an)).toEqual(refusal('bad-proof'));
    expect(anchor.ledger).toHaveLength(1);
  });

  it('keeps at most eight proposals, and takes the oldest again', () => {
    const { anchor, head } = hub(1);
    const proposals = Array.from({ length: 10 }, () => nextProposal(head));
    for (const proposal of proposals) anchor.prepare(proposal);
    expect(anchor.state.pendings).toHaveLength(8);
    const [first] = proposals as [ReturnType<typeof nextProposal>];
    const again = anchor.prepare(first);
    expect(again.kind === 'prepared' && anchor.commit(first, again.an).kind).toBe('committed');
  });
});
