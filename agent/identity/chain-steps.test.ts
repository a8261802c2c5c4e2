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
  deviceStateOf,
  finishJoining,
  signingSeedOf,
  withDeviceState,
  withJwt,
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

describe('what is kept', () => {
  it('is what the machine of the chain knows, both ways', () => {
    const { chain, timeFloorMs } = member();
    const device = deviceStateOf({ v: 1, timeFloorMs, chain });
    expect(device).toMatchObject({ dev: 'octavia', receipts: chain!.links, committed: { link: chain!.links[0] } });
    expect(withDeviceState(chain!, device)).toMatchObject({ chain: { head: chain!.head, seed: chain!.seed, epoch: 0 } });
    const { seed, ...link } = { seed: nonce(), body: chain!.links[0]!.body, sigOld: '', sigNew: chain!.links[0]!.sigNew };
    const pending = { link, seed };
    const kept = withDeviceState(chain!, { ...device, pending });
    expect(kept.pending?.link).toBe(linkHash(nodeCrypto, link));
    expect(deviceStateOf(kept).pending).toEqual(pending);
    expect(withDeviceState(chainOf(kept), device).pending).toBeUndefined();
  });

  it('has credentials for its own key, or none', () => {
    const state = member();
    const jwt = jwtFor(chainOf(state));
    expect(chainOf(withJwt(state, jwt)).jwt).toBe(jwt);
    for (const wrong of ['no jwt', jwtFor(chainOf(member()))]) expect(() => withJwt(state, wrong)).toThrow(AnswerFalse);
  });
});
