/** Breadth-first search through every state a bounded world can reach, and the shortest way to one that breaks a law. */
import { linkHash, pointOf } from '../chain.ts';
import type { DeviceState } from '../device-state.ts';
import { headPoint } from '../device-view.ts';
import type { UpAnswer, UpRequest } from '../messages.ts';
import {
  act,
  boot,
  calm,
  choose,
  copyDisk,
  crash,
  deliver,
  deviceAt,
  hear,
  holdsHead,
  isContested,
  isLive,
  isStale,
  loseAnswer,
  loseRequest,
  makeWorld,
  type Rules,
  restartAnchor,
  settle,
  tell,
  type World,
} from './world.ts';

/** How often each thing may still happen. */
export interface Budget {
  rotations: number;
  crashes: number;
  losses: number;
  /** Requests given up although they, or their answers, are still under way. */
  delays: number;
  duplicates: number;
  ticks: number;
  restarts: number;
  copies: number;
  /** Whether a power cut may take the last write with it. */
  badCard: boolean;
  /** Whether a restarted hub may have lost its last entry. */
  lostTail: boolean;
}
interface Node {
  world: World;
  budget: Budget;
  how: string;
  from: Node | undefined;
}
export interface Explored {
  states: number;
  /** Times a copy in an old state, or one of two live ones, was let into contact; and how often that raised no alarm. */
  contacts: number;
  silent: number;
  /** Times a person chose one of two. */
  choices: number;
  /** Steps to the first broken law. */
  broken: string[] | undefined;
}

export function explore(rules: Rules, budget: Budget, maxStates = 1_000_000): Explored {
  const first: Node = { world: makeWorld(rules), budget, how: 'enrolled', from: undefined };
  const seen = new Set([keyOf(rules, first)]);
  const good = new Set<string>();
  const explored: Explored = { states: 0, contacts: 0, silent: 0, choices: 0, broken: undefined };
  let layer = [first];
  while (layer.length > 0) {
    const next: Node[] = [];
    for (const node of layer) {
      explored.states++;
      if (explored.states > maxStates) throw new Error(`More than ${maxStates} states: make the bounds smaller.`);
      const law = node.world.devices.length === 1 ? honestLaw(rules, node, good) : copyLaw(rules, node, explored);
      if (law) return { ...explored, broken: [...wayTo(node), law] };
      for (const after of successors(rules, node)) {
        const key = keyOf(rules, after);
        if (seen.has(key)) continue;
        seen.add(key);
        next.push(after);
      }
    }
    layer = next;
  }
  return explored;
}

/** Without a copy: nobody is ever accused, and from everywhere the device gets back by itself. */
function honestLaw(rules: Rules, { world }: Node, good: Set<string>): string | undefined {
  if (isContested(world)) return `contested without a copy: ${world.anchor.view?.why}`;
  const passed: string[] = [];
  const back = calm(rules, world, [0], (now) => {
    if (isLive(rules, now, 0) && !isContested(now)) return true;
    const key = JSON.stringify(worldKey(rules, { ...now, requests: [] }));
    const name = renamed(key);
    passed.push(name);
    return good.has(name);
  });
  if (!back) return 'locked out: it never comes back by itself';
  for (const name of passed) good.add(name);
  return undefined;
}

/** With a copy: whoever is in an old state, and whoever is second of two, raises the alarm when in contact. */
function copyLaw(rules: Rules, { world }: Node, explored: Explored): string | undefined {
  if (isContested(world)) return choiceLaw(rules, world, explored);
  const stale = [0, 1].filter((at) => isStale(rules, world, at));
  for (const who of stale.length > 0 ? stale.map((at) => [at]) : [[0, 1]]) {
    explored.contacts++;
    if (calm(rules, world, who, isContested, 120)) continue;
    explored.silent++;
    return `${who.join(' and ')} in contact ${who.length > 1 ? 'with one key' : 'with an old key'}, and nobody was told`;
  }
  return undefined;
}

/** Whichever of the two a person chooses, if it has the key: it gets the next one, and the other never does. */
function choiceLaw(rules: Rules, world: World, explored: Explored): string | undefined {
  for (const at of [0, 1]) {
    if (!deviceAt(world, at).machine || !holdsHead(rules, world, at)) continue;
    explored.choices++;
    const chosen = choose(rules, world, at);
    const end = calm(rules, chosen, [0, 1], (now) => !isContested(now) && isLive(rules, now, at), 120);
    if (!end) return `${at} was chosen of two, and is locked out`;
    if (end.ledger.length > world.ledger.length && holdsHead(rules, end, 1 - at))
      return `${1 - at} has the next key of the one that was chosen`;
  }
  return undefined;
}

function* successors(rules: Rules, node: Node): Generator<Node> {
  const { world, budget } = node;
  const to = (how: string, after: World, spent: Partial<Budget> = {}): Node => ({
    ...{ world: after, budget: { ...budget, ...spent }, how, from: node },
  });
  for (const [index, { from, late, request }] of world.requests.entries()) {
    const what = `${late ? 'late ' : ''}${request.op} of ${from}`;
    yield to(`${what} arrives`, deliver(rules, world, index));
    const canRotate = !late && (request.op === 'prove' || request.op === 'tick') && budget.rotations > 0;
    if (canRotate && !isContested(world))
      yield to(`${what} arrives, and it is to rotate`, deliver(rules, world, index, { rotate: true }), {
        rotations: budget.rotations - 1,
      });
    if (budget.duplicates > 0)
      yield to(`${what} arrives, and will once more`, deliver(rules, world, index, { keep: true }), {
        duplicates: budget.duplicates - 1,
      });
    // A late one that is lost is one that never arrives: the search sees that anyhow.
    if (budget.losses > 0 && !late) yield to(`${what} is lost`, loseRequest(world, index), { losses: budget.losses - 1 });
  }
  for (const at of world.devices.keys()) {
    const device = deviceAt(world, at);
    const { machine } = device;
    if (!machine) {
      yield to(`${at} starts`, boot(rules, world, at));
      continue;
    }
    if (budget.crashes > 0) {
      yield to(`power cut at ${at}`, crash(world, at, false), { crashes: budget.crashes - 1 });
      if (budget.badCard && device.disk.unsettled)
        yield to(`power cut at ${at}, its last write is lost`, crash(world, at, true), { crashes: budget.crashes - 1 });
    }
    if (device.due.length > 0) yield to(`${at} goes on after writing`, act(rules, world, at));
    if (device.answer) {
      yield to(`${at} hears ${device.answer.op}`, hear(rules, world, at));
      if (budget.losses > 0)
        yield to(`${device.answer.op} to ${at} is lost`, loseAnswer(world, at), { losses: budget.losses - 1 });
    }
    if (device.settling) yield to(`${at} has settled`, settle(rules, world, at));
    if (device.pausing) yield to(`${at} begins again`, tell(rules, world, at, { kind: 'connected' }));
    const underway = device.answer !== undefined || world.requests.some(({ from, late }) => from === at && !late);
    if (device.asked && !underway) yield to(`${at} waited in vain`, tell(rules, world, at, { kind: 'connected' }));
    if (device.asked && underway && budget.delays > 0)
      yield to(`${at} waits no longer`, tell(rules, world, at, { kind: 'connected' }), { delays: budget.delays - 1 });
    if (machine.phase.kind === 'live' && !device.asked && budget.ticks > 0)
      yield to(`${at} ticks`, tell(rules, world, at, { kind: 'tick-due' }), { ticks: budget.ticks - 1 });
  }
  if (budget.copies > 0) yield to('its disk is copied', copyDisk(world), { copies: budget.copies - 1 });
  if (budget.restarts > 0) {
    yield to('the hub restarts', restartAnchor(rules, world, 0), { restarts: budget.restarts - 1 });
    if (budget.lostTail && world.ledger.length > 1)
      yield to('the hub restarts without its last entry', restartAnchor(rules, world, 1), { restarts: budget.restarts - 1 });
  }
}

function wayTo(node: Node): string[] {
  const steps: string[] = [];
  for (let at: Node | undefined = node; at; at = at.from) steps.unshift(at.how);
  return steps;
}

/** Two states that differ only in which random numbers were drawn are one. */
const keyOf = (rules: Rules, { world, budget }: Node): string =>
  renamed(JSON.stringify([worldKey(rules, world), Object.values(budget)]));
function renamed(text: string): string {
  const names = new Map<string, number>();
  return text.replace(/[A-Za-z0-9_-]{43}/g, (token) => {
    let name = names.get(token);
    if (name === undefined) {
      name = names.size;
      names.set(token, name);
    }
    return `#${name}`;
  });
}

/** What only depends on an object that never changes is worked out once. */
function once<Key extends object, Value>(work: (rules: Rules, key: Key) => Value): (rules: Rules, key: Key) => Value {
  const known = new WeakMap<Key, Value>();
  return (rules, key) => {
    if (!known.has(key)) known.set(key, work(rules, key));
    return known.get(key) as Value;
  };
}
const diskKey = once(({ crypto }, { committed, pending, receipts }: DeviceState) => [
  committed && pointOf(crypto, committed.link),
  pending && linkHash(crypto, pending.link),
  receipts.length,
]);
const requestKey = once(({ crypto }, request: UpRequest): unknown => {
  if (request.op === 'prepare') return ['prepare', linkHash(crypto, request)];
  if (request.op === 'hello') return ['hello', request.head, request.receipts?.length ?? 0];
  const { sig: _sig, ...rest } = request;
  return Object.values(rest);
});
const answerKey = once(({ crypto }, answer: UpAnswer): unknown => {
  if (answer.op === 'committed') return ['committed', pointOf(crypto, answer.link).head];
  return answer.op === 'refused' ? ['refused', answer.code] : Object.values(answer);
});

function worldKey(rules: Rules, world: World): unknown {
  const { view, pendings, contact } = world.anchor;
  return [
    world.devices.map((device) => [
      diskKey(rules, device.disk.durable),
      device.disk.unsettled ? diskKey(rules, device.disk.unsettled) : 0,
      device.machine
        ? [diskKey(rules, device.machine.state), device.machine.session, device.machine.phase, device.machine.open ?? 0]
        : 0,
      [
        device.due.map((due) => (due.kind === 'send' ? requestKey(rules, due.request) : due.kind)),
        device.asked,
        device.settling,
        device.pausing,
      ],
      device.answer ? answerKey(rules, device.answer) : 0,
    ]),
    world.requests.map(({ from, late, request }) => JSON.stringify([from, late, requestKey(rules, request)])).sort(),
    world.ledger.length,
    view ? [view.chain.map(({ head }) => head), headPoint(view).hash, view.standing] : 0,
    pendings.map(({ hash, an }) => [hash, an]),
    contact,
  ];
}
