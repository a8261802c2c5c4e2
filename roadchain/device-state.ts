/** What a device keeps about its identity, in one file so that nothing in it can be older than the rest. */
import * as z from 'zod';
import { fromBase64url, toBase64url } from './bytes.ts';
import { checkSealed, headOf, isSealed, linkHash, proposeGenesis, readBody, readSeal } from './chain.ts';
import type { ChainCrypto } from './crypto.ts';
import { Bytes32, Link, Name, type ProposedLink } from './link.ts';
import type { EnrolAnswer, EnrolRequest, JoinToken } from './messages.ts';
import { checkEnrolled, enrolMac, tokenKey } from './proofs.ts';
import { signingSeed } from './seeds.ts';

/** Enough to heal a hub that lost two weeks of daily links. */
const MAX_RECEIPTS = 16;

export const DeviceState = z.object({
  v: z.literal(1),
  dev: Name,
  fleet: Bytes32,
  anchor: Bytes32.describe('Public key of the anchor: the device believes no other.'),
  /** Absent until the device is enrolled. */
  committed: z.object({ link: Link, seed: Bytes32 }).optional(),
  /** Written before anybody hears of it, and kept until the anchor sealed it or another one. */
  pending: z.object({ link: Link.omit({ seal: true }), seed: Bytes32 }).optional(),
  receipts: z.array(Link).max(MAX_RECEIPTS).describe('Newest sealed links, oldest first; the last one is `committed`.'),
  timeFloorMs: z.int().describe('No earlier time is believed, whatever the clock says.'),
});
export type DeviceState = z.infer<typeof DeviceState>;

/** The device's time: its clock, unless that is behind what the anchor sealed last (a clock without battery starts in 1970). */
export const deviceNowMs = (state: Pick<DeviceState, 'timeFloorMs'>, clockMs: number): number =>
  Math.max(clockMs, state.timeFloorMs);

interface Enrolling {
  token: JoinToken;
  dev: string;
  agent: string;
  /** The device's clock. */
  nowMs: number;
  /** When this agent was built: the first floor of time. */
  builtMs: number;
}
/** A device before it is enrolled. To be written before `enrolRequest` is sent. */
export function newDeviceState(crypto: ChainCrypto, { token, dev, agent, nowMs, builtMs }: Enrolling): DeviceState {
  const seed = crypto.random(32);
  const { fleet, after, tid, anchor } = token;
  const at = new Date(nowMs).toISOString();
  const link = proposeGenesis(crypto, { ...{ seed, fleet, dev, tid, agent, at }, after });
  const pending = { link, seed: toBase64url(seed) };
  return { v: 1, dev, fleet, anchor, pending, receipts: [], timeFloorMs: builtMs };
}

/** The same request each time, until it is answered. */
export function enrolRequest(
  crypto: ChainCrypto,
  state: DeviceState,
  secret: string,
): Pick<EnrolRequest, 'tid' | 'body' | 'sigNew' | 'mac'> | undefined {
  if (!state.pending || state.committed) return undefined;
  const { body, sigNew } = state.pending.link;
  return { tid: readBody({ body }).req, body, sigNew, mac: enrolMac(crypto, tokenKey(crypto, secret), body) };
}

/** The state to write when the hub answered; undefined if the answer is not from the anchor of the token, or for another link. */
export function takeEnrolled(
  crypto: ChainCrypto,
  state: DeviceState,
  answer: Extract<EnrolAnswer, { state: 'enrolled' }>,
): DeviceState | undefined {
  const { pending } = state;
  if (!pending || state.committed || answer.device !== state.dev || !checkEnrolled(crypto, state.anchor, answer))
    return undefined;
  const matches = linkHash(crypto, answer.link) === linkHash(crypto, pending.link);
  return matches && isSealed(crypto, state.anchor, answer.link) ? committedState(state, answer.link, pending.seed) : undefined;
}

/** What `committed` makes of the state; undefined if the link is neither the pending one nor the committed one sealed again. */
export function takeCommitted(crypto: ChainCrypto, state: DeviceState, link: Link): DeviceState | undefined {
  const { committed, pending } = state;
  if (!committed) return undefined;
  const hash = linkHash(crypto, link);
  if (pending && hash === linkHash(crypto, pending.link)) {
    const body = readBody(committed.link);
    const before = { head: headOf(crypto, committed.link), epoch: body.epoch, pk: body.pk };
    const { anchor, fleet, dev } = state;
    return checkSealed(crypto, anchor, before, link, { fleet, dev }).ok ? committedState(state, link, pending.seed) : undefined;
  }
  // The seal it has already is no news, and would cost the pending key.
  const isAgain = hash === linkHash(crypto, committed.link) && headOf(crypto, link) !== headOf(crypto, committed.link);
  if (!isAgain || !isSealed(crypto, state.anchor, link)) return undefined;
  return committedState({ ...state, receipts: state.receipts.slice(0, -1) }, link, committed.seed);
}

export function withoutPending({ pending: _gone, ...kept }: DeviceState): DeviceState {
  return kept;
}

function committedState(state: DeviceState, link: Link, seed: string): DeviceState {
  const sealedAtMs = Date.parse(readSeal(link.seal).at);
  return {
    ...withoutPending(state),
    committed: { link, seed },
    receipts: [...state.receipts, link].slice(-MAX_RECEIPTS),
    timeFloorMs: Number.isFinite(sealedAtMs) ? Math.max(state.timeFloorMs, sealedAtMs) : state.timeFloorMs,
  };
}

/** Seed of the key that signs for an epoch: the NATS user of that epoch too. */
export const keyOf = (crypto: ChainCrypto, { seed }: { seed: string }): Uint8Array => signingSeed(crypto, fromBase64url(seed));
export const samePending = (a: { link: ProposedLink } | undefined, b: { link: ProposedLink } | undefined): boolean =>
  a !== undefined && b !== undefined && a.link.body === b.link.body && a.link.sigNew === b.link.sigNew;
