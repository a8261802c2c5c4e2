/** How a device becomes a member, and how what it keeps on its disk is what the machine of the chain knows. Pure. */
import { fromBase64url, toBase64url } from '#roadchain/bytes.ts';
import { headOf, linkHash, proposeGenesis, readBody } from '#roadchain/chain.ts';
import { type DeviceState, takeEnrolled } from '#roadchain/device-state.ts';
import type { EnrolAnswer, Reach } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { checkEnrolled, enrolMac, tokenKey } from '#roadchain/proofs.ts';
import { signingSeed } from '#roadchain/seeds.ts';
import { AGENT_VERSION } from '../version.ts';
import type { Chain, IdentityState, Joining } from './identity-state.ts';
import { readJwtLife } from './jwt-life.ts';
import { userPublicKey } from './nkey-text.ts';

const RANDOM_BYTES = 32;

/** What the anchor said cannot be true: nothing of it is kept. `message` is for people. */
export class AnswerFalse extends Error {
  override readonly name = 'AnswerFalse';
}

export interface JoinWish extends Pick<Joining, 'device' | 'fleet' | 'anchor' | 'hub' | 'tid'> {
  secret: string;
  /** Where the chain of a device that is taken back goes on. */
  after?: { head: string; epoch: number } | undefined;
}

export function beginJoining({ secret, after, ...member }: JoinWish): Joining {
  const seed = nodeCrypto.random(RANDOM_BYTES);
  const { fleet, device: dev, tid } = member;
  const at = new Date().toISOString();
  const { body, sigNew } = proposeGenesis(nodeCrypto, { fleet, dev, agent: AGENT_VERSION, at, seed, tid, after });
  return { ...member, seed: toBase64url(seed), body, sigNew, mac: enrolMac(nodeCrypto, tokenKey(nodeCrypto, secret), body) };
}

/** @throws AnswerFalse where it is not the word of the anchor that the token names, or not about what was asked. */
export function finishJoining(state: IdentityState, answer: Extract<EnrolAnswer, { state: 'enrolled' }>): IdentityState {
  const { joining } = state;
  if (!joining || !checkEnrolled(nodeCrypto, joining.anchor, answer))
    throw new AnswerFalse(
      'What answered is not the hub that the join token names: its signature is another. Nothing was accepted. Does somebody stand in between?',
    );
  const { seed, body, sigNew, mac: _asked, ...member } = joining;
  const { device: dev, fleet, anchor } = member;
  const pending = { link: { body, sigOld: '', sigNew }, seed };
  const asked: DeviceState = { v: 1, dev, fleet, anchor, pending, receipts: [], timeFloorMs: state.timeFloorMs };
  const taken = takeEnrolled(nodeCrypto, asked, answer);
  if (!taken)
    throw new AnswerFalse(
      'The hub sealed another identity than the one this device asked for. Nothing was accepted. Ask for a new token.',
    );
  return withDeviceState({ ...member, jwt: answer.jwt, nats: answer.nats }, taken);
}

/** What the machine of the chain knows of it; the rest is how this device reaches the hub. */
export function deviceStateOf(state: IdentityState | undefined): DeviceState {
  const { device: dev, fleet, anchor, seed, links } = chainOf(state);
  const { pending, timeFloorMs } = state!;
  return {
    ...{ v: 1, dev, fleet, anchor, receipts: links, timeFloorMs, committed: { link: links.at(-1)!, seed } },
    ...(pending && {
      pending: { link: { body: pending.body, sigOld: pending.sigOld, sigNew: pending.sigNew }, seed: pending.seed },
    }),
  };
}

export function withDeviceState(reach: Omit<Chain, 'epoch' | 'head' | 'seed' | 'links'>, device: DeviceState): IdentityState {
  const { committed, pending, receipts, timeFloorMs } = device;
  if (!committed) throw new Error('A device that has joined stays joined.');
  const { link, seed } = committed;
  const chain = { ...reach, epoch: readBody(link).epoch, head: headOf(nodeCrypto, link), seed, links: receipts };
  const next = pending && { ...pending.link, seed: pending.seed, link: linkHash(nodeCrypto, pending.link) };
  return { v: 1, timeFloorMs, chain, ...(next && { pending: next }) };
}

/** @throws AnswerFalse where it is for another key than the one this device has now. */
export function withJwt(state: IdentityState | undefined, jwt: string): IdentityState {
  const chain = chainOf(state);
  if (readJwtLife(jwt)?.publicKey !== userPublicKey(nodeCrypto.publicKey(signingSeedOf(chain))))
    throw new AnswerFalse('The hub sent credentials for another key than the one of this device. They are not used.');
  return { ...state!, chain: { ...chain, jwt } };
}

/** The addresses before stay beside the new ones. */
export function withReach(state: IdentityState | undefined, { urls, ca }: Reach): IdentityState {
  const chain = chainOf(state);
  const { before: _older, ...before } = chain.nats;
  if (ca === before.ca && urls.join(' ') === before.urls.join(' ')) return state!;
  return { ...state!, chain: { ...chain, nats: { urls, ca, before } } };
}

export const signingSeedOf = ({ seed }: { seed: string }): Uint8Array => signingSeed(nodeCrypto, fromBase64url(seed));

export function chainOf(state: IdentityState | undefined): Chain {
  if (!state?.chain) throw new Error('This device has not joined yet.');
  return state.chain;
}
