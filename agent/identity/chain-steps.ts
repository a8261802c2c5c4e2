/** How the device's identity changes, one pure step after another: what came from outside is checked here before it is kept. */
import { fromBase64url, toBase64url } from '#roadchain/bytes.ts';
import { checkSealed, headOf, isSealed, linkHash, proposeGenesis, proposeLink, readBody, readSeal } from '#roadchain/chain.ts';
import type { Cause, Link } from '#roadchain/link.ts';
import type { EnrolAnswer } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { checkEnrolled, enrolMac, tokenKey } from '#roadchain/proofs.ts';
import { nextSeed, signingSeed } from '#roadchain/seeds.ts';
import { AGENT_VERSION } from '../version.ts';
import { type Chain, type IdentityState, type Joining, KEPT_LINKS, type Pending } from './identity-state.ts';
import { readJwtLife } from './jwt-life.ts';
import { userPublicKey } from './nkey-text.ts';

const RANDOM_BYTES = 32;
/** A clock that is behind what the anchor sealed is wrong. */
const now = (floorMs = 0) => new Date(Math.max(Date.now(), floorMs)).toISOString();

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
  const { body, sigNew } = proposeGenesis(nodeCrypto, { fleet, dev, agent: AGENT_VERSION, at: now(), seed, tid, after });
  return { ...member, seed: toBase64url(seed), body, sigNew, mac: enrolMac(nodeCrypto, tokenKey(nodeCrypto, secret), body) };
}

/** @throws AnswerFalse where it is not the word of the anchor that the token names, or not about what was asked. */
export function finishJoining(state: IdentityState, answer: Extract<EnrolAnswer, { state: 'enrolled' }>): IdentityState {
  const { joining } = state;
  if (!joining || !checkEnrolled(nodeCrypto, joining.anchor, answer))
    throw new AnswerFalse(
      'What answered is not the hub that the join token names: its signature is another. Nothing was accepted. Does somebody stand in between?',
    );
  const { link, jwt, nats } = answer;
  const { device, fleet, anchor, hub, tid, seed, body, sigNew } = joining;
  const { prev, epoch } = readBody(joining);
  const previous = prev === '' ? undefined : { head: prev, epoch: epoch - 1, pk: '' };
  const isOurs = link.body === body && link.sigNew === sigNew;
  if (!isOurs || answer.device !== device || !checkSealed(nodeCrypto, anchor, previous, link, { fleet, dev: device }).ok)
    throw new AnswerFalse(
      'The hub sealed another identity than the one this device asked for. Nothing was accepted. Ask for a new token.',
    );
  const member = { device, fleet, anchor, hub, tid };
  const chain = { ...member, epoch, head: headOf(nodeCrypto, link), seed, links: [link], jwt, nats };
  return { v: 1, timeFloorMs: floorAfter(state, link), chain };
}

/** The next link, to be on disk before anybody hears of it. */
export function proposeNext(state: IdentityState, order: { req: string; an: string; cause: Cause }): Pending {
  const chain = chainOf(state);
  const { an, req } = order;
  const oldSeed = fromBase64url(chain.seed);
  const newSeed = nextSeed(nodeCrypto, {
    seed: oldSeed,
    random: nodeCrypto.random(RANDOM_BYTES),
    an,
    head: chain.head,
    dev: chain.device,
    epoch: chain.epoch + 1,
  });
  const cause = order.cause === 'genesis' || order.cause === 'readmit' ? 'anchor' : order.cause;
  const proposed = proposeLink(nodeCrypto, {
    fleet: chain.fleet,
    dev: chain.device,
    agent: AGENT_VERSION,
    at: now(state.timeFloorMs),
    previous: chain,
    oldSeed,
    newSeed,
    cause,
    req,
    an,
  });
  return { ...proposed, seed: toBase64url(newSeed), link: linkHash(nodeCrypto, proposed) };
}

/** @throws AnswerFalse where the anchor did not seal what is pending. */
export function commitPending(state: IdentityState, answer: { link: Link; jwt: string }): IdentityState {
  const { pending } = state;
  const chain = chainOf(state);
  const { link, jwt } = answer;
  const last = chain.links.at(-1)!;
  const previous = { head: chain.head, epoch: chain.epoch, pk: readBody(last).pk };
  const checked = checkSealed(nodeCrypto, chain.anchor, previous, link, { fleet: chain.fleet, dev: chain.device });
  if (!pending || !checked.ok || linkHash(nodeCrypto, link) !== pending.link)
    throw new AnswerFalse(
      'The hub answered with a link that this device did not propose. It keeps the key it has and asks again.',
    );
  const links = [...chain.links, link].slice(-KEPT_LINKS);
  const next = { ...chain, epoch: checked.value.epoch, head: headOf(nodeCrypto, link), seed: pending.seed, links };
  return withJwt({ v: 1, timeFloorMs: floorAfter(state, link), chain: next }, jwt);
}

/** The hub had lost the newest link and sealed it a second time: that seal counts. @throws AnswerFalse where it is another link. */
export function withNewSeal(state: IdentityState, link: Link): IdentityState {
  const chain = chainOf(state);
  const last = chain.links.at(-1)!;
  if (linkHash(nodeCrypto, link) !== linkHash(nodeCrypto, last) || !isSealed(nodeCrypto, chain.anchor, link))
    throw new AnswerFalse('The hub answered with a link that is not the newest of this device. It keeps the key it has.');
  // What was proposed to follow names the head as it was.
  const links = [...chain.links.slice(0, -1), link];
  return { v: 1, timeFloorMs: floorAfter(state, link), chain: { ...chain, links, head: headOf(nodeCrypto, link) } };
}

/** @throws AnswerFalse where it is for another key than the one this device has now. */
export function withJwt(state: IdentityState, jwt: string): IdentityState {
  const chain = chainOf(state);
  if (readJwtLife(jwt)?.publicKey !== userPublicKey(nodeCrypto.publicKey(signingSeedOf(chain))))
    throw new AnswerFalse('The hub sent credentials for another key than the one of this device. They are not used.');
  return { ...state, chain: { ...chain, jwt } };
}

export const signingSeedOf = ({ seed }: { seed: string }): Uint8Array => signingSeed(nodeCrypto, fromBase64url(seed));

export function chainOf({ chain }: IdentityState): Chain {
  if (!chain) throw new Error('This device has not joined yet.');
  return chain;
}

/** Never back: the anchor sealed it, so it is at least that late. */
const floorAfter = ({ timeFloorMs }: IdentityState, { seal }: Link): number => {
  const sealedAtMs = Date.parse(readSeal(seal).at);
  return Number.isFinite(sealedAtMs) ? Math.max(timeFloorMs, sealedAtMs) : timeFloorMs;
};
