/** Every NATS subject, built in one place. Tokens are checked names, so a subject can never hold a wildcard by accident. */
import { isName } from './name.ts';
import { isUid } from './uid.ts';

/** Made by whoever opens a session: nobody can guess another's. */
const SESSION_ID = /^[0-9a-f]{16,32}$/;
const TOPIC = /^[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64}){0,7}$/;
const FACE = /^[a-z0-9-]+(?:_[a-z0-9-]+)*$/;

/**
 * `log`: open a log session. `term`: list terminal sessions. `exec`: open, end and control them (and take a screen).
 * `screen`: open a screen session. `peek`: somebody looks at a tile. `answer`: to a question of the device's agent.
 * `recording`: the hub fetches recordings.
 */
export const RPC_VERBS = ['log', 'term', 'exec', 'screen', 'peek', 'answer', 'recording'] as const;
export type RpcVerb = (typeof RPC_VERBS)[number];

function device(name: string): string {
  if (!isName(name)) throw new RangeError(`${JSON.stringify(name)} is not a device name and cannot be part of a subject.`);
  return name;
}

function uid(id: string): string {
  if (!isUid(id) && !isName(id))
    throw new RangeError(`${JSON.stringify(id)} is not a connection id and cannot be part of a subject.`);
  return id;
}

function sid(id: string): string {
  if (!SESSION_ID.test(id)) throw new RangeError(`${JSON.stringify(id)} is not a session id and cannot be part of a subject.`);
  return id;
}

function face(token: string): string {
  if (!FACE.test(token)) throw new RangeError(`${JSON.stringify(token)} is not a face and cannot be part of a subject.`);
  return token;
}

function topic(words: string): string {
  if (!TOPIC.test(words)) throw new RangeError(`${JSON.stringify(words)} is not a topic and cannot be part of a subject.`);
  return words;
}

export const isTopic = (text: string): boolean => TOPIC.test(text);
export const isSessionId = (text: string): boolean => SESSION_ID.test(text);

export const subjects = {
  status: (name: string) => `status.${device(name)}`,
  event: (name: string) => `event.${device(name)}`,
  /** Republish of committed desired-state keys: `desired-state.<device>.<deployment>`. */
  desiredOf: (name: string) => `desired-state.${device(name)}.>`,
  /** Latest value of a desired-state key, by direct get. */
  getDesired: (name: string, deployment: string) =>
    `$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.${device(name)}.${device(deployment)}`,
  /** Latest value of a device's index, by direct get. */
  getDesiredIndex: (name: string) => `$JS.API.DIRECT.GET.KV_desired-index.$KV.desired-index.${device(name)}`,
  inbox: (id: string) => `_INBOX.${uid(id)}`,
  /** Identity: what a device asks the anchor, and the anchor's hints to it. */
  rc: {
    up: (name: string) => `rc.up.${device(name)}`,
    down: (name: string) => `rc.down.${device(name)}`,
  },
  /** A request to a device. Who asks is in the subject, and NATS lets nobody write another's id there. */
  rpc: (name: string, verb: RpcVerb, id: string) => `device.${device(name)}.rpc.${verb}.${uid(id)}`,
  /** All requests to a device. */
  rpcOf: (name: string) => `device.${device(name)}.rpc.*.*`,
  /** One log session per viewer. */
  log: {
    out: (name: string, id: string, session: string) => `log.${device(name)}.${uid(id)}.${sid(session)}.out`,
    ctl: (name: string, id: string, session: string) => `log.${device(name)}.${uid(id)}.${sid(session)}.ctl`,
    ctlOf: (name: string) => `log.${device(name)}.*.*.ctl`,
  },
  /** A terminal session lives on the device; one output for everybody who watches. */
  term: {
    out: (name: string, session: string) => `term.${device(name)}.${sid(session)}.out`,
    in: (name: string, session: string, id: string) => `term.${device(name)}.${sid(session)}.in.${uid(id)}`,
    ack: (name: string, session: string, id: string) => `term.${device(name)}.${sid(session)}.ack.${uid(id)}`,
    rpc: (name: string, session: string, id: string) => `term.${device(name)}.${sid(session)}.rpc.${uid(id)}`,
    inOf: (name: string) => `term.${device(name)}.*.in.*`,
    ackOf: (name: string) => `term.${device(name)}.*.ack.*`,
    rpcOf: (name: string) => `term.${device(name)}.*.rpc.*`,
    /** Frames `state` of every session, when who types there changes or it ends. No session can have this id. */
    news: (name: string) => `term.${device(name)}.news.out`,
  },
  /** One screen session per viewer. */
  screen: {
    out: (name: string, id: string, session: string) => `screen.${device(name)}.${uid(id)}.${sid(session)}.out`,
    in: (name: string, id: string, session: string) => `screen.${device(name)}.${uid(id)}.${sid(session)}.in`,
    ctl: (name: string, id: string, session: string) => `screen.${device(name)}.${uid(id)}.${sid(session)}.ctl`,
    inOf: (name: string) => `screen.${device(name)}.*.*.in`,
    ctlOf: (name: string) => `screen.${device(name)}.*.*.ctl`,
  },
  /** The small picture of a tile at rest, one publisher for all who look. `token`: see `faceToken`. */
  peek: (name: string, token: string) => `peek.${device(name)}.${face(token)}`,
  /** What programs on devices tell each other; the sender's name is held by NATS. */
  bus: {
    from: (name: string, words: string) => `bus.${device(name)}.${topic(words)}`,
    /** Of all devices. */
    topic: (name: string) => `bus.*.${topic(name)}`,
  },
  wall: {
    statusOf: (name: string) => `wall.status.${device(name)}`,
    status: 'wall.status.*',
    presenceOf: (name: string) => `wall.presence.${device(name)}`,
    presence: 'wall.presence.*',
    event: 'wall.event.*',
    deployment: 'wall.deployment.*',
    deploymentStatus: 'wall.deployment.*.status',
    /** A device was added, changed or removed. */
    device: 'wall.device.*',
    /** A saved wall was changed or removed: republished KV `walls`. */
    layout: 'wall.layout.*',
  },
} as const;
