import { describe, expect, it } from 'vitest';
import { headOf, linkHash, proposeGenesis, proposeLink, sealLink, sealVerdict } from '#roadchain/chain.ts';
import type { LedgerEntry, Link, ProposedLink } from '#roadchain/link.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { type ChainEntry, fingerprintOf, readEntry, summarize } from './chain-entries.ts';

const seed = (fill: number) => new Uint8Array(32).fill(fill);
const FLEET = Buffer.alloc(32, 1).toString('base64url');
const who = { fleet: FLEET, dev: 'shellfish', agent: '0.1.0', at: '2026-03-03T10:00:00.000Z' };
const sealed = (link: ProposedLink, seq: number): Link =>
  sealLink(nodeCrypto, seed(9), link, { at: `2026-03-0${3 + seq}T10:00:00.000Z`, seq });

const genesis = sealed(proposeGenesis(nodeCrypto, { ...who, seed: seed(1), tid: '0123456789abcdef' }), 0);
const renewal = sealed(
  proposeLink(nodeCrypto, {
    ...who,
    previous: { head: headOf(nodeCrypto, genesis), epoch: 0 },
    oldSeed: seed(1),
    newSeed: seed(2),
    cause: 'scheduled',
    req: 'r1',
    an: FLEET,
  }),
  1,
);
const failed: LedgerEntry = sealVerdict(
  nodeCrypto,
  seed(9),
  {
    ...{ fleet: FLEET, dev: 'shellfish', head: linkHash(nodeCrypto, genesis), status: 'contested' },
    why: 'An old key.',
    by: 'hub',
    at: who.at,
  },
  2,
);

describe('entries of a chain', () => {
  it('are told with the time of the hub, the epoch and the first bytes of the key', () => {
    expect(readEntry(1, { kind: 'link', link: renewal })).toMatchObject({
      seq: 1,
      at: '2026-03-04T10:00:00.000Z',
      what: 'scheduled',
      epoch: 1,
      fingerprint: expect.stringMatching(/^[0-9a-f]{4}( [0-9a-f]{4}){3}$/),
    });
    expect(readEntry(2, failed)).toEqual({ seq: 2, at: who.at, what: 'contested', why: 'An old key.', by: 'hub' });
  });

  it.each([[{}], [null], [{ kind: 'link', link: { ...genesis, body: 'no json' } }], [{ kind: 'word', body: 'x' }]])(
    'that cannot be read are left out: %j',
    (raw) => expect(readEntry(0, raw)).toBeUndefined(),
  );

  it('have fingerprints of the first eight bytes', () => {
    const key = Buffer.from('3f0a91c277de0b14ffffffffffffffffffffffffffffffffffffffffffffffff', 'hex').toString('base64url');
    expect(fingerprintOf(key)).toBe('3f0a 91c2 77de 0b14');
  });
});

it('a chain holds since it began, or since the device was taken back', () => {
  const entry = (seq: number, what: ChainEntry['what']): ChainEntry => ({ seq, at: `2026-03-0${seq + 1}T00:00:00.000Z`, what });
  const all = [entry(0, 'genesis'), entry(1, 'scheduled'), entry(2, 'kept-out'), entry(3, 'readmit'), entry(4, 'operator')];
  expect(summarize(all.slice(0, 2))).toEqual({ since: '2026-03-01T00:00:00.000Z', renewals: 1 });
  expect(summarize(all)).toEqual({ since: '2026-03-04T00:00:00.000Z', renewals: 1 });
  expect(summarize([])).toEqual({ since: undefined, renewals: 0 });
});
