import { describe, expect, it } from 'vitest';
import { toBase64url } from '#roadchain/bytes.ts';
import { fleetOf, linkHash, sealLink } from '#roadchain/chain.ts';
import type { ProposedLink } from '#roadchain/link.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signEnrolled } from '#roadchain/proofs.ts';
import {
  AnswerFalse,
  beginJoining,
  chainOf,
  commitPending,
  finishJoining,
  proposeNext,
  signingSeedOf,
  withJwt,
  withNewSeal,
} from './chain-steps.ts';
import type { IdentityState } from './identity-state.ts';
import { userPublicKey } from './nkey-text.ts';

const anchorSeed = nodeCrypto.random(32);
const anchor = toBase64url(nodeCrypto.publicKey(anchorSeed));
const fleet = fleetOf(nodeCrypto, anchor);
const AT = '2026-05-01T12:00:00.000Z';
const nonce = () => toBase64url(nodeCrypto.random(32));

const joining = (): IdentityState => ({
  v: 1,
  timeFloorMs: 0,
  joining: beginJoining({
    ...{ device: 'octavia', fleet, anchor, hub: { url: 'http://hub' }, tid: '0123456789abcdef' },
    secret: nonce(),
  }),
});
const jwtFor = (state: { seed: string }) => {
  const sub = userPublicKey(nodeCrypto.publicKey(signingSeedOf(state)));
  return `e30.${Buffer.from(JSON.stringify({ sub, iat: 1, exp: 2 })).toString('base64url')}.sig`;
};
const sealed = (link: ProposedLink, seed = anchorSeed, at = AT) => sealLink(nodeCrypto, seed, link, { at, seq: 7 });
function answerTo(state: IdentityState, changes: object = {}, seed = anchorSeed) {
  const { body, sigNew } = state.joining!;
  const rest = {
    state: 'enrolled' as const,
    device: 'octavia',
    link: sealed({ body, sigOld: '', sigNew }),
    jwt: jwtFor(state.joining!),
    nats: { urls: ['nats://hub'] },
    ...changes,
  };
  return { ...rest, sig: signEnrolled(nodeCrypto, seed, rest) };
}
const member = () => {
  const state = joining();
  return finishJoining(state, answerTo(state));
};
const rotating = () => {
  const state = member();
  return { ...state, pending: proposeNext(state, { req: 'r', an: nonce(), cause: 'scheduled' }) };
};

describe('joining', () => {
  it('ends with a chain, credentials, and the time of the seal as the earliest that can be', () => {
    const state = member();
    expect(chainOf(state)).toMatchObject({ device: 'octavia', epoch: 0, links: [{}] });
    expect(state.timeFloorMs).toBe(Date.parse(AT));
    expect(state.joining).toBeUndefined();
  });

  it.each([
    ['signed by another anchor', (state: IdentityState) => answerTo(state, {}, nodeCrypto.random(32))],
    ['about another device', (state: IdentityState) => answerTo(state, { device: 'aria' })],
    ['with a link that was not asked for', (state: IdentityState) => answerTo(state, { link: chainOf(member()).links[0] })],
    [
      'whose link another anchor sealed',
      (state: IdentityState) => {
        const { body, sigNew } = state.joining!;
        return answerTo(state, { link: sealed({ body, sigOld: '', sigNew }, nodeCrypto.random(32)) });
      },
    ],
    ['changed on the way', (state: IdentityState) => ({ ...answerTo(state), nats: { urls: ['nats://elsewhere'] } })],
  ])('S20 takes no answer %s', (_, answer) => {
    const state = joining();
    expect(() => finishJoining(state, answer(state))).toThrow(AnswerFalse);
  });
});

describe('the next key', () => {
  it('takes the place of the one before, whose secret is gone', () => {
    const state = rotating();
    const next = commitPending(state, { link: sealed(state.pending), jwt: jwtFor(state.pending) });
    expect(chainOf(next)).toMatchObject({ epoch: 1, seed: state.pending.seed, links: [{}, {}] });
    expect(JSON.stringify(next)).not.toContain(chainOf(state).seed);
    expect(next.pending).toBeUndefined();
  });

  it('is another each time, also for the same order', () => {
    const state = member();
    const order = { req: 'r', an: nonce(), cause: 'anchor' as const };
    expect(proposeNext(state, order).seed).not.toBe(proposeNext(state, order).seed);
  });

  it.each([
    ['sealed by another anchor', (state: ReturnType<typeof rotating>) => sealed(state.pending, nodeCrypto.random(32))],
    [
      'that was never proposed',
      (state: ReturnType<typeof rotating>) => sealed(proposeNext(state, { req: 'x', an: nonce(), cause: 'anchor' })),
    ],
    ['from its past', (state: ReturnType<typeof rotating>) => chainOf(state).links[0]!],
  ])('S28 is no link %s', (_, link) => {
    const state = rotating();
    expect(() => commitPending(state, { link: link(state), jwt: jwtFor(state.pending) })).toThrow(AnswerFalse);
  });

  it('comes with credentials for itself, or not at all', () => {
    const state = rotating();
    expect(() => commitPending(state, { link: sealed(state.pending), jwt: jwtFor(chainOf(state)) })).toThrow(AnswerFalse);
    expect(() => withJwt(state, 'no jwt')).toThrow(AnswerFalse);
  });

  it('keeps sixteen links, and no clock of the past moves the earliest time back', () => {
    let state = member();
    for (let epoch = 1; epoch <= 20; epoch++) {
      const pending = proposeNext(state, { req: 'r', an: nonce(), cause: 'scheduled' });
      const link = sealed(pending, anchorSeed, '1999-01-01T00:00:00.000Z');
      state = commitPending({ ...state, pending }, { link, jwt: jwtFor(pending) });
    }
    expect(chainOf(state).epoch).toBe(20);
    expect(chainOf(state).links).toHaveLength(16);
    expect(state.timeFloorMs).toBe(Date.parse(AT));
  });
});

it('a second seal of the newest link counts, one of another link does not', () => {
  const state = rotating();
  const [first] = chainOf(state).links;
  const again = sealed(first!, anchorSeed, '2026-06-01T00:00:00.000Z');
  const healed = withNewSeal(state, again);
  expect(linkHash(nodeCrypto, again)).toBe(linkHash(nodeCrypto, first!));
  expect(chainOf(healed).head).not.toBe(chainOf(state).head);
  expect(healed.pending).toBeUndefined();
  expect(() => withNewSeal(state, sealed(first!, nodeCrypto.random(32)))).toThrow(AnswerFalse);
  expect(() => withNewSeal(state, chainOf(member()).links[0]!)).toThrow(AnswerFalse);
});
