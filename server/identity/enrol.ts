/** Lets a device in by its join token: the first link of its chain is sealed, and it gets its first credentials. */

import type * as z from 'zod';
import { displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { readBody } from '#roadchain/chain.ts';
import { type DeviceView, sealDraft } from '#roadchain/device-view.ts';
import { decideEnrolment, type EnrolDecision, type EnrolFlaw, type TokenRecord } from '#roadchain/enrolment.ts';
import type { Link } from '#roadchain/link.ts';
import type { EnrolAnswer, EnrolRequest } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signEnrolled } from '#roadchain/proofs.ts';
import { sourceOf } from '../auth/login-throttle.ts';
import { TooManyAttempts } from '../auth/too-many-attempts.ts';
import type { Context, Hub } from '../hub.ts';
import { admit } from './admit.ts';
import { freeName } from './facts.ts';
import { changeJoin } from './join-tokens.ts';
import { IDENTITY_KEY, type JoinRecord } from './records.ts';
import { tell } from './tell.ts';

export interface EnrolInput {
  request: z.infer<typeof EnrolRequest>;
  /** Network address of whoever asks. */
  source: string;
}

const WAIT_SECONDS = 10;
const MOST_ATTEMPTS = 5;

/** Somebody changed the token or the chain in between. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

export async function enrol({ ctx, input }: { ctx: Context; input: EnrolInput }): Promise<EnrolAnswer> {
  const { hub } = ctx;
  const { ledger, enrolLimit } = hub.identity;
  const source = sourceOf(input.source);
  if (!enrolLimit.has(source)) throw new TooManyAttempts(WAIT_SECONDS);
  await ledger.whenRead;
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptToEnrol(ctx, input.request);
    } catch (error) {
      if (error instanceof ProblemError) enrolLimit.take(source);
      if (!(error instanceof Overtaken) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

async function attemptToEnrol(ctx: Context, request: EnrolInput['request']): Promise<EnrolAnswer> {
  const { hub } = ctx;
  const { anchor, buckets, ledger } = hub.identity;
  const join = (await buckets.joins.get(IDENTITY_KEY.join(request.tid)))?.value;
  const decision = decideEnrolment(
    { crypto: nodeCrypto, fleet: anchor.fleet, nowMs: Date.now() },
    join && toToken(join),
    (dev) => ledger.viewOf(dev),
    request,
  );
  const { answer } = decision;
  if (!join || !decision.token || (answer.kind === 'refused' && answer.why !== 'used'))
    return anotherName(hub, join, request, answer);
  if (answer.kind === 'refused') return refuseUsed(ctx, join, decision);
  const dev = readBody(request).dev;
  const view = ledger.viewOf(dev);
  const there = view ? undefined : await hub.buckets.devices.get(dev);
  // Without a name of its own it may take no name that is on the wall.
  if (there && dev !== join.name) return again(hub, dev);
  const bound = await bind(hub, join, decision, {
    ...(answer.kind === 'waiting' ? { words: answer.words } : {}),
    ...(there?.value.publicKey ? { replaces: there.value.publicKey } : {}),
  });
  if (answer.kind === 'waiting') return { state: 'waiting', words: answer.words };
  const link = await appendAll(hub, dev, view, decision);
  const jwt = await admit({ ctx, input: { join: bound, dev, link, facts: request.facts ?? {} } });
  const rest = {
    state: 'enrolled' as const,
    device: dev,
    link,
    jwt,
    nats: { urls: [...hub.publicNatsUrls], ...(hub.publicNatsCa === undefined ? {} : { ca: hub.publicNatsCa }) },
  };
  return { ...rest, sig: signEnrolled(nodeCrypto, anchor.seed, rest) };
}

const toToken = ({ tid, key, expiresAt, name, after, approval, bound, accused }: JoinRecord): TokenRecord => ({
  tid,
  key,
  expMs: Date.parse(expiresAt),
  ...(name ? { name } : {}),
  ...(after ? { after } : {}),
  approval,
  ...(bound ? { bound } : {}),
  ...(accused ? { accused } : {}),
});

/** Before anything is sealed: of two links at once only one is bound. */
async function bind(
  hub: Hub,
  join: JoinRecord,
  { token }: EnrolDecision,
  more: Pick<JoinRecord, 'words' | 'replaces'>,
): Promise<JoinRecord> {
  const bound = await changeJoin(hub, join.tid, (now) => {
    if (now.approval !== join.approval || now.bound?.hash !== join.bound?.hash) throw new Overtaken('The token was changed.');
    const { message: _told, ...kept } = now;
    const stage = more.words === undefined ? 'connecting' : 'approval';
    return { ...kept, ...(token?.bound ? { bound: token.bound } : {}), ...more, stage };
  });
  if (!bound) throw new Overtaken('The token was withdrawn.');
  return bound;
}

async function appendAll(hub: Hub, dev: string, decidedOn: DeviceView | undefined, decision: EnrolDecision): Promise<Link> {
  const { anchor, ledger } = hub.identity;
  let expected = decidedOn;
  for (const draft of decision.append) {
    await ledger.append(dev, (view, seq) => {
      if (view !== expected) throw new Overtaken(`The chain of ${dev} went on in between.`);
      return sealDraft(nodeCrypto, anchor.seed, view, draft, { at: new Date().toISOString(), seq });
    });
    expected = ledger.viewOf(dev);
  }
  if (!expected) throw new Error(`The chain of ${dev} is not there after it was written.`);
  // The token it once joined with opens nothing for a device that was kept out since.
  if (expected.standing === 'kept-out') throw refusal('used');
  return expected.headLink;
}

/** One of the two that used this token is not the one that was meant: a person looks at it. */
async function refuseUsed({ hub }: Context, join: JoinRecord, decision: EnrolDecision): Promise<never> {
  const { dev } = join.bound!;
  const { ledger } = hub.identity;
  if (decision.token && decision.alarms.length > 0) {
    const message = 'A second device used the same line. Compare the words with care, or withdraw the token.';
    if (decision.append.length > 0) await appendAll(hub, dev, ledger.viewOf(dev), decision);
    // Last, because it is said once: whatever fails before is tried again by whoever tries again.
    await changeJoin(hub, join.tid, (now) => {
      const accused = { ...now, accused: true, message };
      return join.device ? accused : { ...accused, approval: 'needed' as const };
    });
    tell(
      hub,
      dev,
      'identity-alarm',
      `The join token of ${displayName(dev)} was used a second time, by something with another key.`,
    );
    hub.log.warn({ device: dev, tid: join.tid }, 'a join token was used a second time, by something with another key');
  }
  throw refusal('used');
}

function anotherName(
  hub: Hub,
  join: JoinRecord | undefined,
  request: EnrolInput['request'],
  answer: EnrolDecision['answer'],
): Promise<EnrolAnswer> {
  const why = answer.kind === 'refused' ? answer.why : 'no-token';
  if (why === 'name' && join?.name)
    return Promise.resolve({ state: 'again', device: join.name, ...(join.after ? { after: join.after } : {}) });
  if (why === 'taken' && !join?.name) return again(hub, readBody(request).dev);
  throw refusal(why);
}

async function again(hub: Hub, wanted: string): Promise<EnrolAnswer> {
  const taken = new Set((await hub.buckets.devices.list()).map(({ key }) => key));
  const { ledger } = hub.identity;
  return { state: 'again', device: freeName(wanted, (name) => taken.has(name) || ledger.viewOf(name) !== undefined) };
}

const WORDS: Record<EnrolFlaw, string> = {
  'no-token': 'There is no such join token, or it is over.',
  mac: 'This join token is not the one it says it is.',
  malformed: 'What the device sent cannot be read.',
  fleet: 'This join token belongs to another fleet.',
  name: 'This join token is for a device of another name.',
  taken: 'A device of this name has an identity here already.',
  expired: 'This join token is over.',
  used: 'This join token was used by another device.',
  link: 'The proof of the device does not fit its key.',
  'not-waiting': 'This device does not wait to be taken back.',
};

const refusal = (why: EnrolFlaw) =>
  new ProblemError(
    why === 'used' ? 'link-used' : 'forbidden',
    WORDS[why],
    'The device has not joined, and nothing on it has changed. Make a new line with: Add a device.',
  );
