/** Does over one line what the machine of the chain says: what a step wants kept is on the disk before anybody hears of it. */
import { type Event, type Step, step } from '#roadchain/device-chain.ts';
import type { DeviceState } from '#roadchain/device-state.ts';
import type { UpAnswer, UpRequest } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { AGENT_VERSION } from '../version.ts';
import { AnchorRefused, type Ask, isSigned } from './anchor-line.ts';
import { AnswerFalse, chainOf, deviceStateOf, withDeviceState, withJwt, withReach } from './chain-steps.ts';
import type { DeviceIdentity } from './device-identity.ts';
import { HubUnreachable } from './hub-client.ts';

export interface Line {
  ask: Ask;
  /** Where tests cut the power. */
  mark(point: string): void;
  /** Rejects where the agent ends meanwhile. */
  wait(ms: number): Promise<void>;
  /** Whether to leave the line for another, with the new credentials. */
  leaves(isNewKey: boolean): boolean;
}
export interface Said {
  /** There are credentials to leave this line with. */
  renewed: boolean;
  /** Clock of the anchor, where it said it. */
  anchorAtMs?: number | undefined;
}

const LONGEST_SETTLE_MS = 60_000;
/** A hub that lost the end of its ledger, and a rotation after it, take nine. */
const MAX_TURNS = 20;

/** From one event until the machine rests. @throws AnchorRefused, HubUnreachable, AnswerFalse: it begins again with `connected`. */
export async function converse(identity: DeviceIdentity, first: Event, line: Line): Promise<Said> {
  const { anchor } = chainOf(identity.state);
  let event = first;
  let asked: UpRequest | undefined;
  let anchorAtMs: number | undefined;
  for (let turn = 0; turn < MAX_TURNS; turn++) {
    const { act, isNewKey } = await take(identity, event, line);
    let next: Event | undefined;
    for (const due of act) {
      if (due.kind === 'use-jwt') {
        if (line.leaves(isNewKey)) return { renewed: true, anchorAtMs };
      } else if (due.kind === 'send') {
        asked = due.request;
        const answer = await line.ask(asked);
        if (answer.op === 'challenge') anchorAtMs = Date.parse(answer.at);
        if (answer.op === 'prepared' || answer.op === 'committed') line.mark(`rotate:${answer.op}`);
        next = { kind: 'answer', answer };
      } else if (due.kind === 'settle') {
        await line.wait(Math.min(due.ms, LONGEST_SETTLE_MS));
        next = { kind: 'settled', read: await reread(identity) };
      } else if (due.kind === 'retry' && asked && event.kind === 'answer' && event.answer.op === 'refused')
        throw new AnchorRefused({ ...event.answer, retryMs: due.ms }, isSigned(anchor, asked, event.answer));
    }
    if (!next) return { renewed: false, anchorAtMs };
    event = next;
  }
  throw new HubUnreachable('The hub and this device come to no end about its identity. It keeps the key it has.');
}

/** One step, and what it wants kept. */
async function take(identity: DeviceIdentity, event: Event, { mark }: Line): Promise<Pick<Step, 'act'> & { isNewKey: boolean }> {
  const { store, log, machine } = identity;
  const taken = step({ crypto: nodeCrypto, agent: AGENT_VERSION, clockMs: Date.now() }, machine, event);
  const { persist, act } = taken;
  if (event.kind === 'answer' && taken.machine === machine) throw isNoAnswer(event.answer);
  if (event.kind === 'settled') {
    const isKept = act.some((due) => due.kind === 'send' && due.request.op === 'commit');
    if (!isKept)
      throw new LostWrite('The disk did not keep the next key of this device. It stays with the one it has and tries again.');
    mark('rotate:settled');
  }
  // Credentials and their key are written as one: what is false of either leaves all as it is.
  const joining = identity.state?.joining;
  let state = persist ? { ...withDeviceState(chainOf(identity.state), persist), joining } : identity.state;
  for (const due of act) {
    if (due.kind === 'use-jwt') state = withJwt(state, due.jwt);
    if (due.kind === 'use-reach') state = withReach(state, due.reach);
  }
  const isNewKey = chainOf(state).seed !== chainOf(identity.state).seed;
  if (persist?.pending) {
    mark('rotate:ordered');
    await store.write(state!);
    mark('rotate:pending');
  } else if (persist) {
    // Both copies: with the secret of the epoch before, nobody can speak for what was.
    await store.replace(state!);
    mark('rotate:kept');
  } else if (state !== identity.state) await store.write(state!);
  identity.know(state!, taken.machine);
  if (isNewKey) log.info({ epoch: chainOf(state).epoch }, 'The key of this device has changed.');
  return { act, isNewKey };
}

async function reread({ store }: DeviceIdentity): Promise<DeviceState> {
  const read = await store.reread();
  if (!read?.chain) throw new LostWrite('The disk keeps nothing of what this device is. Its key does not change now.');
  return deviceStateOf(read);
}

const isNoAnswer = ({ op }: UpAnswer): Error =>
  op === 'committed' || op === 'prepared'
    ? new AnswerFalse('The hub answered with a link that this device did not propose. It keeps the key it has and asks again.')
    : new HubUnreachable('The hub answered another question than the one that was asked.');

/** What was written is not there: the state is to be read from the disk again. */
export class LostWrite extends Error {
  override readonly name = 'LostWrite';
}
