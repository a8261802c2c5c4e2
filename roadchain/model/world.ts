/** A hub, a device and perhaps its copy, with everything that may go wrong between them: the real protocol code, moved step by step. */
import { toBase64url } from '../bytes.ts';
import { fleetOf, linkHash, pointOf, readBody } from '../chain.ts';
import type { ChainCrypto } from '../crypto.ts';
import { type AnchorState, appended, type Chosen, type DecideContext, decide, newAnchorState } from '../decide.ts';
import { type Act, type Event, type Machine, startMachine, step } from '../device-chain.ts';
import { type DeviceState, newDeviceState } from '../device-state.ts';
import { headPoint, sealDraft, viewOf } from '../device-view.ts';
import { holderOf } from '../holder.ts';
import type { LedgerEntry } from '../link.ts';
import type { UpAnswer, UpRequest } from '../messages.ts';

/** How the device that is built differs from the one that is meant; to see that the checks find it. */
export type Flaw = 'no-write-ahead' | 'no-settle' | 'no-receipts';
export interface Rules {
  crypto: ChainCrypto;
  anchorSeed: Uint8Array;
  anchorPk: string;
  fleet: string;
  flaw?: Flaw | undefined;
}
export const DEV = 'pi-1';
const START_MS = Date.UTC(2026, 0, 1);

export interface Device {
  /** What a power cut leaves; `unsettled` is the last write, which a bad card may still lose. */
  disk: { durable: DeviceState; unsettled?: DeviceState };
  machine?: Machine;
  /** Still to be done after a write. */
  due: readonly Act[];
  /** A request that was not answered yet, and its answer once it is on the way. */
  asked: boolean;
  answer?: UpAnswer;
  settling: boolean;
  /** How often the machine asked to begin again after a while. */
  pausing: boolean;
}
export interface World {
  devices: readonly Device[];
  /** Requests under way, in no order; `late` where nobody waits for the answer any more. */
  requests: readonly { from: number; late: boolean; request: UpRequest }[];
  ledger: readonly LedgerEntry[];
  anchor: AnchorState;
  nowMs: number;
  /** Of two, the one a person said is right, until it has its next key. */
  chosen?: Chosen | undefined;
}

export function makeRules(crypto: ChainCrypto, flaw?: Flaw): Rules {
  const anchorSeed = crypto.random(32);
  const anchorPk = toBase64url(crypto.publicKey(anchorSeed));
  return { crypto, anchorSeed, anchorPk, fleet: fleetOf(crypto, anchorPk), flaw };
}

/** One enrolled device that is switched off. */
export function makeWorld(rules: Rules): World {
  const { crypto, anchorSeed, anchorPk, fleet } = rules;
  const token = { url: 'https://hub', fleet, tid: '0'.repeat(16), exp: 0, anchor: anchorPk };
  const fresh = newDeviceState(crypto, { token, dev: DEV, agent: '1', nowMs: START_MS, builtMs: 0 });
  const { pending, ...rest } = fresh;
  if (!pending) throw new Error('A new device has a pending link.');
  const entry = sealDraft(crypto, anchorSeed, undefined, { kind: 'link', proposal: pending.link }, place(START_MS, 0));
  if (entry.kind !== 'link') throw new Error('A link was sealed.');
  const state: DeviceState = { ...rest, committed: { link: entry.link, seed: pending.seed }, receipts: [entry.link] };
  const ledger = [entry];
  return {
    devices: [off({ durable: state })],
    requests: [],
    ledger,
    anchor: newAnchorState(viewOf(crypto, ledger)),
    nowMs: START_MS,
  };
}
const place = (nowMs: number, seq: number) => ({ at: new Date(nowMs).toISOString(), seq });
const off = (disk: Device['disk']): Device => ({ disk, due: [], asked: false, settling: false, pausing: false });

export const readDisk = ({ disk }: Device): DeviceState => disk.unsettled ?? disk.durable;
const withDevice = (world: World, at: number, device: Device): World => ({
  ...world,
  devices: world.devices.map((other, index) => (index === at ? device : other)),
});
export const deviceAt = (world: World, at: number): Device => world.devices[at] as Device;

export const boot = (rules: Rules, world: World, at: number): World => {
  const device = deviceAt(world, at);
  return tell(rules, withDevice(world, at, { ...device, machine: startMachine(rules.crypto, readDisk(device)) }), at, {
    kind: 'connected',
  });
};

/** The power goes. `lost`: the card had not really written the last write. */
export function crash(world: World, at: number, lost: boolean): World {
  const { disk } = deviceAt(world, at);
  const durable = lost ? disk.durable : (disk.unsettled ?? disk.durable);
  return withDevice(forget(world, at), at, off({ durable }));
}
/** Nobody waits for the answers any more; the requests may still arrive. */
const forget = (world: World, at: number): World => ({
  ...world,
  requests: world.requests.map((sent) => (sent.from === at ? { ...sent, late: true } : sent)),
});

/** An event for the machine of a device: what is to be written is written, what is to be done waits in `due`. */
export function tell(rules: Rules, world: World, at: number, event: Event): World {
  const device = deviceAt(world, at);
  if (!device.machine) return world;
  const started = event.kind === 'connected' ? forget(world, at) : world;
  const taken = step({ crypto: rules.crypto, agent: '1', clockMs: world.nowMs }, device.machine, event);
  const ahead = rules.flaw === 'no-write-ahead' && taken.persist?.pending !== undefined;
  const next: Device = {
    disk: taken.persist && !ahead ? { durable: device.disk.durable, unsettled: taken.persist } : device.disk,
    ...{ machine: taken.machine, due: taken.act, asked: false, settling: false, pausing: false },
  };
  const told = withDevice(started, at, next);
  return taken.persist && !ahead ? told : act(rules, told, at);
}

/** What was to follow the write. */
export function act(rules: Rules, world: World, at: number): World {
  let after = withDevice(world, at, { ...deviceAt(world, at), due: [] });
  for (const due of deviceAt(world, at).due) {
    const device = deviceAt(after, at);
    if (due.kind === 'send') {
      const bare = rules.flaw === 'no-receipts' && due.request.op === 'hello';
      const request = bare ? { ...due.request, receipts: undefined } : due.request;
      const requests = [...after.requests, { from: at, late: false, request } as World['requests'][number]];
      after = { ...withDevice(after, at, { ...device, asked: true }), requests };
    } else if (due.kind === 'settle') {
      after = withDevice(after, at, { ...device, settling: true });
      if (rules.flaw === 'no-settle' && device.machine)
        after = tell(rules, after, at, { kind: 'settled', read: device.machine.state });
    } else if (due.kind === 'retry') after = withDevice(after, at, { ...device, pausing: true });
  }
  return after;
}

/** The settle time passes: what is on the disk now stays there. */
export function settle(rules: Rules, world: World, at: number): World {
  const device = deviceAt(world, at);
  const durable = readDisk(device);
  const read = rules.flaw === 'no-write-ahead' && device.machine ? device.machine.state : durable;
  return tell(rules, withDevice(world, at, { ...device, disk: { durable } }), at, { kind: 'settled', read });
}

/** A request reaches the hub. `keep`: and will do so once more. */
export function deliver(rules: Rules, world: World, index: number, { keep = false, rotate = false } = {}): World {
  const { crypto, fleet, anchorPk, anchorSeed } = rules;
  const sent = world.requests[index];
  if (!sent) return world;
  const nonce = () => toBase64url(crypto.random(32));
  const context: DecideContext = {
    ...{ crypto, fleet, dev: DEV, anchorPk, nowMs: world.nowMs, nonce: nonce(), graceMs: 14 * 86_400_000, settleMs: 3_000 },
    chosen: world.chosen,
  };
  const decision = decide(context, world.anchor, sent.request);
  const ledger = [...world.ledger];
  let anchor = decision.state;
  for (const draft of decision.append) {
    const entry = sealDraft(crypto, anchorSeed, anchor.view, draft, place(world.nowMs, ledger.length));
    ledger.push(entry);
    anchor = appended(crypto, anchor, entry);
  }
  const requests = keep
    ? world.requests.map((other, at) => (at === index ? { ...other, late: true } : other))
    : world.requests.filter((_, at) => at !== index);
  const chosen = anchor.view?.standing === 'contested' ? world.chosen : undefined;
  const after: World = { ...world, requests, ledger, anchor, chosen };
  const device = deviceAt(world, sent.from);
  if (sent.late || !device.asked || device.answer) return after;
  // A copy that listens where the other one is answered has the order too.
  const order = chosen
    ? { rotate: { req: chosen.req, an: nonce(), cause: 'operator' as const, named: true } }
    : rotate
      ? { rotate: { req: 'r', an: nonce(), cause: 'scheduled' as const } }
      : {};
  return withDevice(after, sent.from, { ...device, answer: answerOf(decision.answer, after, order) });
}

function answerOf(answer: ReturnType<typeof decide>['answer'], { anchor }: World, order: object): UpAnswer {
  switch (answer.kind) {
    case 'challenge':
      return { op: 'challenge', an: answer.an, at: '' };
    case 'proved':
      return { op: 'proved', jwt: 'jwt', an: answer.an, ...order };
    case 'prepared':
      return { op: 'prepared', link: answer.link, an: answer.an, settleMs: answer.settleMs };
    case 'committed': {
      const link = answer.link ?? anchor.view?.headLink;
      if (!link) throw new Error('What was committed is in the ledger.');
      return { op: 'committed', link, jwt: 'jwt' };
    }
    case 'ticked':
      return { op: 'ticked', an: answer.an, at: '', ...order };
    case 'refused':
      return { op: 'refused', code: answer.code, message: answer.code };
  }
}

export const hear = (rules: Rules, world: World, at: number): World => {
  const { answer, ...device } = deviceAt(world, at);
  return answer ? tell(rules, withDevice(world, at, device), at, { kind: 'answer', answer }) : world;
};
export const loseRequest = (world: World, index: number): World => ({
  ...world,
  requests: world.requests.filter((_, at) => at !== index),
});
export const loseAnswer = (world: World, at: number): World => {
  const { answer: _lost, ...device } = deviceAt(world, at);
  return withDevice(world, at, device);
};
/** The hub starts again, having lost the last `lost` entries of its ledger; what was proposed is kept elsewhere, and may outlive them. */
export function restartAnchor(rules: Rules, world: World, lost: number): World {
  const ledger = world.ledger.slice(0, world.ledger.length - lost);
  const anchor = newAnchorState(viewOf(rules.crypto, ledger));
  // Time goes on, so that nothing is ever sealed twice in the same way.
  return {
    ...world,
    nowMs: world.nowMs + 1000,
    ledger,
    anchor: lost > 0 ? { ...anchor, pendings: world.anchor.pendings } : anchor,
  };
}
/** Somebody copies the disk. */
export const copyDisk = (world: World): World => ({
  ...world,
  devices: [deviceAt(world, 0), off({ durable: readDisk(deviceAt(world, 0)) })],
});

/** A person says that this one is right, as it runs now. */
export function choose(rules: Rules, world: World, at: number): World {
  const { machine } = deviceAt(world, at);
  if (!machine || !isContested(world)) return world;
  const req = toBase64url(rules.crypto.random(32));
  return { ...world, chosen: { holder: holderOf(rules.crypto, machine.session), req, by: 'ada' } };
}
/** Whether the head of the chain is this link of the device, or the one it proposed. */
export function holdsHead({ crypto }: Rules, world: World, at: number): boolean {
  const { committed, pending } = readDisk(deviceAt(world, at));
  const { view } = world.anchor;
  const links = [committed?.link, pending?.link].flatMap((link) => (link ? [linkHash(crypto, link)] : []));
  return view !== undefined && links.includes(headPoint(view).hash);
}

export const isContested = ({ anchor }: World): boolean => anchor.view?.standing !== 'active';
export const isLive = (rules: Rules, world: World, at: number): boolean => {
  const { machine } = deviceAt(world, at);
  const { view } = world.anchor;
  if (machine?.phase.kind !== 'live' || !machine.state.committed || !view) return false;
  return pointOf(rules.crypto, machine.state.committed.link).head === headPoint(view).head;
};
/** Whether the key of a device is one the chain has left behind, and no later link of it is on its disk. */
export function isStale(rules: Rules, world: World, at: number): boolean {
  const { committed, pending } = readDisk(deviceAt(world, at));
  const { view } = world.anchor;
  if (!committed || !view) return false;
  const head = headPoint(view);
  if (pending && linkHash(rules.crypto, pending.link) === head.hash) return false;
  return readBody(committed.link).epoch < head.epoch;
}

/** Everything goes well for a while, with nobody but these devices in contact. The world once it is `done`. */
export function calm(
  rules: Rules,
  world: World,
  who: readonly number[],
  done: (world: World) => boolean,
  steps = 40,
): World | undefined {
  const end = goOn(rules, world, who, done, steps);
  return done(end) ? end : undefined;
}

/** The same, wherever it leads. */
export function goOn(rules: Rules, world: World, who: readonly number[], done: (world: World) => boolean, steps: number): World {
  let now: World = { ...world, requests: world.requests.filter(({ from, late }) => who.includes(from) && !late) };
  for (let count = 0; count < steps; count++) {
    if (done(now)) break;
    const at = who[count % who.length] as number;
    const device = deviceAt(now, at);
    const index = now.requests.findIndex(({ from, late }) => from === at && !late);
    if (!device.machine) now = boot(rules, now, at);
    else if (device.due.length > 0) now = act(rules, now, at);
    else if (device.answer) now = hear(rules, now, at);
    else if (device.settling) now = settle(rules, now, at);
    else if (index >= 0) now = deliver(rules, now, index);
    else if (device.machine.phase.kind === 'live' && !device.asked) now = tell(rules, now, at, { kind: 'tick-due' });
    else now = tell(rules, now, at, { kind: 'connected' });
  }
  return now;
}
