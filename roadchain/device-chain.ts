/**
 * The device's side of the chain as a pure machine: (machine, event) -> what to write, then what to do.
 * Its one law: whoever executes a step has written `persist`, flushed to the disk, before it does `act`.
 */
import { fromBase64url, toBase64url } from './bytes.ts';
import { headOf, linkHash, proposeLink, readBody } from './chain.ts';
import type { ChainCrypto } from './crypto.ts';
import { type DeviceState, deviceNowMs, keyOf, samePending, takeCommitted, withoutPending } from './device-state.ts';
import type { Cause } from './link.ts';
import type { Reach, UpAnswer, UpRequest } from './messages.ts';
import { checkProof, checkReach, signProof } from './proofs.ts';
import { nextSeed } from './seeds.ts';

export interface Order {
  req: string;
  an: string;
  cause: Cause;
  /** For this session alone, of several that have the key of this device. */
  named?: boolean | undefined;
}
/** What the machine waits for. */
export type Phase =
  | { kind: 'idle' }
  | { kind: 'greeting'; receipts: boolean }
  /** `forget`: the anchor found the pending link false. */
  | { kind: 'proving'; an: string; forget: boolean }
  | { kind: 'preparing' }
  | { kind: 'settling'; an: string }
  | { kind: 'committing'; an: string }
  /** `n` and `an` of the tick that is due next. */
  | { kind: 'live'; n: number; an: string }
  | { kind: 'refused'; code: Extract<UpAnswer, { op: 'refused' }>['code'] };
export interface Machine {
  /** As it was read from the disk, or last written to it. */
  state: DeviceState;
  /** Random, of this start of the agent. */
  session: string;
  phase: Phase;
  /** A challenge nobody answered yet, while a pending link goes first. */
  open: string | undefined;
}
export type Event =
  /** A connection is up, or a request was never answered: begin again. */
  | { kind: 'connected' }
  | { kind: 'answer'; answer: UpAnswer }
  /** The settle time is over; `read` is what the disk holds now. */
  | { kind: 'settled'; read: DeviceState }
  | { kind: 'tick-due' }
  /** A hint whose signature was checked (`checkOrder`). */
  | { kind: 'order'; order: Order };
export type Act =
  | { kind: 'send'; request: UpRequest }
  /** Wait, read the file again, then `settled`. */
  | { kind: 'settle'; ms: number }
  /** New credentials for the key of `committed`: connect with them first, then leave the old connection. */
  | { kind: 'use-jwt'; jwt: string }
  /** Where NATS is now, in the anchor's own words. */
  | { kind: 'use-reach'; reach: Reach }
  /** Begin again after a while: `connected`. */
  | { kind: 'retry'; ms: number };
export interface Step {
  machine: Machine;
  /** To be written, and flushed, before any of `act` is done. */
  persist?: DeviceState;
  act: readonly Act[];
}
export interface StepContext {
  crypto: ChainCrypto;
  /** Version of the agent. */
  agent: string;
  /** The device's clock. */
  clockMs: number;
}

const RETRY_MS = 1_000;

export const startMachine = (crypto: ChainCrypto, state: DeviceState): Machine => ({
  ...{ state, session: toBase64url(crypto.random(32)), phase: { kind: 'idle' }, open: undefined },
});

export function step(context: StepContext, machine: Machine, event: Event): Step {
  switch (event.kind) {
    case 'connected':
      return greet(context, machine, false);
    case 'answer':
      return heard(context, machine, event.answer);
    case 'settled':
      return settled(context, machine, event.read);
    case 'tick-due':
      return tick(context, machine);
    case 'order':
      return machine.phase.kind === 'live' ? rotate(context, machine, event.order) : { machine, act: [] };
  }
}

/** Whether a hint to rotate is from the anchor and for this device. */
export const checkOrder = (crypto: ChainCrypto, { anchor, dev }: DeviceState, order: Order & { sig: string }): boolean =>
  checkProof(crypto, anchor, 'rotate', { dev, req: order.req, an: order.an, cause: order.cause }, order.sig);

const wait = (machine: Machine, phase: Phase, ms = RETRY_MS): Step => ({
  machine: { ...machine, phase },
  act: [{ kind: 'retry', ms }],
});
const send = (machine: Machine, phase: Phase, request: UpRequest, persist?: DeviceState): Step => ({
  machine: { ...machine, phase, ...(persist && { state: persist }) },
  ...(persist && { persist }),
  act: [{ kind: 'send', request }],
});

function greet({ crypto }: StepContext, machine: Machine, receipts: boolean): Step {
  const { committed, receipts: links } = machine.state;
  if (!committed) return { machine, act: [] };
  const head = headOf(crypto, committed.link);
  const hello = { op: 'hello', epoch: readBody(committed.link).epoch, head } as const;
  return send(
    { ...machine, open: undefined },
    { kind: 'greeting', receipts },
    { ...hello, ...(receipts && { receipts: links }) },
  );
}

function prove({ crypto }: StepContext, machine: Machine, an: string, forget = false): Step {
  const { committed } = machine.state;
  if (!committed) return { machine, act: [] };
  const { session } = machine;
  const head = headOf(crypto, committed.link);
  const sig = signProof(crypto, keyOf(crypto, committed), 'prove', { head, an, session });
  return send({ ...machine, open: undefined }, { kind: 'proving', an, forget }, { op: 'prove', head, an, session, sig });
}

const prepare = (machine: Machine, { persist, named }: { persist?: DeviceState; named?: boolean | undefined } = {}): Step => {
  const { pending } = persist ?? machine.state;
  if (!pending) return { machine, act: [] };
  const { session } = machine;
  return send(machine, { kind: 'preparing' }, { op: 'prepare', ...pending.link, ...(named && { session }) }, persist);
};

/**
 * A new pending link; or the one there is, which somebody may have heard of already. Of an order for this session alone only its own one:
 * any other may be on the disk of a copy too, and is never sealed while that order counts.
 */
function rotate({ crypto, agent, clockMs }: StepContext, machine: Machine, { req, an, cause, named }: Order): Step {
  const { state } = machine;
  const { committed, fleet, dev } = state;
  if (state.pending && (!named || readBody(state.pending.link).req === req)) return prepare(machine, { named });
  if (!committed || cause === 'genesis' || cause === 'readmit') return { machine, act: [] };
  const previous = { head: headOf(crypto, committed.link), epoch: readBody(committed.link).epoch };
  const oldSeed = fromBase64url(committed.seed);
  const inputs = { seed: oldSeed, random: crypto.random(32), an, head: previous.head, dev, epoch: previous.epoch + 1 };
  const newSeed = nextSeed(crypto, inputs);
  const at = new Date(deviceNowMs(state, clockMs)).toISOString();
  const link = proposeLink(crypto, { fleet, dev, agent, at, previous, oldSeed, newSeed, cause, req, an });
  return prepare(machine, { persist: { ...state, pending: { link, seed: toBase64url(newSeed) } }, named });
}

function tick({ crypto }: StepContext, machine: Machine): Step {
  const { phase, session, state } = machine;
  if (phase.kind !== 'live' || !state.committed) return { machine, act: [] };
  const { n, an } = phase;
  const sig = signProof(crypto, keyOf(crypto, state.committed), 'tick', { session, n, an });
  return send(machine, phase, { op: 'tick', session, n, an, sig });
}

/** Only now may the anchor make the new key the only one: what is on the disk will still be there after a power cut. */
function settled(context: StepContext, machine: Machine, read: DeviceState): Step {
  const { phase } = machine;
  if (phase.kind !== 'settling') return { machine, act: [] };
  const { pending } = read;
  if (!pending || !samePending(pending, machine.state.pending)) return greet(context, { ...machine, state: read }, false);
  const link = linkHash(context.crypto, pending.link);
  const sig = signProof(context.crypto, keyOf(context.crypto, pending), 'commit', { link, an: phase.an });
  return send(machine, { kind: 'committing', an: phase.an }, { op: 'commit', link, an: phase.an, sig });
}

/** Answers that fit no phase are late ones: nothing is done about them. */
function heard(context: StepContext, machine: Machine, answer: UpAnswer): Step {
  const { phase, state } = machine;
  switch (answer.op) {
    case 'challenge':
      if (phase.kind !== 'greeting') break;
      // A pending link may have been sealed meanwhile: its key would then be the one to prove.
      return state.pending ? prepare({ ...machine, open: answer.an }) : prove(context, machine, answer.an);
    case 'prepared':
      if (phase.kind !== 'preparing' || !state.pending || answer.link !== linkHash(context.crypto, state.pending.link)) break;
      return {
        machine: { ...machine, phase: { kind: 'settling', an: answer.an } },
        act: [{ kind: 'settle', ms: answer.settleMs }],
      };
    case 'committed': {
      if (phase.kind !== 'preparing' && phase.kind !== 'committing' && phase.kind !== 'greeting') break;
      const persist = takeCommitted(context.crypto, state, answer.link);
      // The newest link sealed again answers nothing but `hello`: believed elsewhere, it would cost the pending key.
      if (!persist || (phase.kind !== 'greeting' && persist.committed?.seed === state.committed?.seed)) break;
      const greeted = greet(context, { ...machine, state: persist }, false);
      return { ...greeted, persist, act: [{ kind: 'use-jwt', jwt: answer.jwt }, ...greeted.act] };
    }
    case 'proved':
    case 'ticked': {
      if (answer.op === 'proved' ? phase.kind !== 'proving' : phase.kind !== 'live') break;
      const n = phase.kind === 'live' ? phase.n + 1 : 0;
      // The head is the one of this device: what the anchor found false was never added.
      const persist = phase.kind === 'proving' && phase.forget ? withoutPending(state) : undefined;
      const live: Machine = { ...machine, state: persist ?? state, phase: { kind: 'live', n, an: answer.an } };
      const rest: Step = { machine: live, ...(persist && { persist }), act: [] };
      const after: Step = answer.rotate ? { ...rest, ...rotate(context, live, answer.rotate) } : rest;
      if (answer.op !== 'proved') return after;
      const reach = phase.kind === 'proving' ? heardReach(context, machine, phase.an, answer.nats) : [];
      return { ...after, act: [...reach, { kind: 'use-jwt', jwt: answer.jwt }, ...after.act] };
    }
    case 'refused':
      return refused(context, machine, answer);
  }
  return { machine, act: [] };
}

/** What is not signed for this very question is as if it were not there. */
function heardReach(
  { crypto }: StepContext,
  { state: { anchor, dev } }: Machine,
  an: string,
  said: (Reach & { sig: string }) | undefined,
): Act[] {
  if (!said || !checkReach(crypto, anchor, { dev, an }, said)) return [];
  const { sig: _checked, ...reach } = said;
  return [{ kind: 'use-reach', reach }];
}

function refused(context: StepContext, machine: Machine, answer: Extract<UpAnswer, { op: 'refused' }>): Step {
  const { phase, open } = machine;
  const { code, retryMs } = answer;
  switch (phase.kind) {
    case 'greeting':
      // An anchor that lost the end of its ledger takes it back from us.
      if (code === 'unknown' && !phase.receipts) return greet(context, machine, true);
      return wait(machine, { kind: 'refused', code }, retryMs);
    case 'preparing':
      // The older key is still ours to prove: the anchor says what is wrong, and everybody sees it.
      if (code !== 'busy' && open !== undefined)
        return prove(context, machine, open, code === 'bad-proof' || code === 'malformed');
      return wait(machine, { kind: 'idle' }, retryMs);
    case 'committing':
      return wait(machine, { kind: 'idle' }, retryMs ?? 0);
    case 'live':
      // Another session, or an anchor that started anew: who we are is settled by a challenge.
      return code === 'busy' ? wait(machine, { kind: 'idle' }, retryMs) : greet(context, machine, false);
    case 'proving':
      return wait(machine, { kind: 'refused', code }, retryMs);
    case 'idle':
    case 'settling':
    case 'refused':
      return { machine, act: [] };
  }
}
