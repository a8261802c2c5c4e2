/**
 * Who may say and hear what on NATS: one table. The templates of the scoped signing keys, the lists in minted JWTs and
 * the integration test that tries every cell on a real server are all made from it.
 */
import type { Permissions } from './jwt.ts';

export const ACTORS = [
  'device',
  'viewer',
  'operator',
  'guest',
  'tv',
  'recorder',
  'identity',
  'rotator',
  'hub',
  'system',
] as const;
export type TableActor = (typeof ACTORS)[number];

/** `-`: neither. `never`: denied even where a wider row grants it. */
export type Access = '-' | 'pub' | 'sub' | 'both' | 'never';

/**
 * `{me}` stands for the actor's own token: a device's name, a person's connection id, `hub`. `{else}` for anybody else's.
 * `{grant}` is the `<device>.<session>` a guest's link opens.
 */
export interface PermissionRow extends Record<TableActor, Access> {
  subject: string;
}

/** The hub's own token in inboxes. */
export const HUB_ID = 'hub';

const row = (
  subject: string,
  device: Access,
  viewer: Access,
  operator: Access,
  guest: Access,
  recorder: Access,
  hub: Access,
  system: Access,
): PermissionRow => ({
  subject,
  device,
  viewer,
  operator,
  guest,
  tv: ofTv(subject, viewer),
  recorder,
  identity: ofIdentity(subject),
  rotator: ofRotator(subject),
  hub,
  system,
});

/** A TV stands where anybody may open its browser: of what a viewer has it gets the wall and its small pictures. */
const ON_TV = /^(?:wall|peek|device\.\*\.rpc\.peek|_INBOX\.\{me\})\./;
const ofTv = (subject: string, viewer: Access): Access => (ON_TV.test(subject) ? viewer : '-');

/** Answers devices about their identity. A device chooses where an answer goes: whoever answers may say nothing else. */
function ofIdentity(subject: string): Access {
  if (/^rc\.up\./.test(subject)) return 'sub';
  return /^_INBOX\.(?:\{\w+\}|\*)\.>$/.test(subject) ? 'pub' : '-';
}

/** Tells devices that there is something to ask for, and hears nothing. */
const ofRotator = (subject: string): Access => (/^rc\.down\.(?:\{\w+\}|\*)$/.test(subject) ? 'pub' : '-');

export const PERMISSION_TABLE: readonly PermissionRow[] = [
  // subject, device, viewer, operator, guest, recorder, hub, system
  // What a device reports. Streams take it from here: a device that could write a bucket could wipe it with a rollup header.
  // The hub writes a marker there when a device is removed.
  row('status.{me}', 'pub', '-', '-', '-', '-', 'pub', '-'),
  row('status.{else}', '-', '-', '-', '-', '-', 'pub', '-'),
  row('status.*', '-', '-', '-', '-', '-', 'pub', '-'),
  row('event.{me}', 'pub', '-', '-', '-', '-', 'pub', '-'),
  row('event.{else}', '-', '-', '-', '-', '-', 'pub', '-'),
  // The hub tells what it did about the identity of a device.
  row('event.*', '-', '-', '-', '-', '-', 'pub', '-'),
  row('rc.up.{me}', 'pub', '-', '-', '-', '-', '-', '-'),
  row('rc.up.{else}', '-', '-', '-', '-', '-', '-', '-'),
  row('rc.up.*', '-', '-', '-', '-', '-', '-', '-'),

  // What a device is asked to run: exactly its own keys, by direct get, and the republished hints.
  row('desired-state.{me}.>', 'sub', '-', '-', '-', '-', '-', '-'),
  row('desired-state.{else}.>', '-', '-', '-', '-', '-', '-', '-'),
  row('desired-state.>', '-', '-', '-', '-', '-', '-', '-'),
  row('$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.{me}.>', 'pub', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.{else}.hello', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.DIRECT.GET.KV_desired-index.$KV.desired-index.{me}', 'pub', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.DIRECT.GET.KV_desired-index.$KV.desired-index.{else}', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.DIRECT.GET.KV_desired-state', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.STREAM.MSG.GET.KV_desired-state', '-', '-', '-', '-', '-', 'pub', '-'),

  // Requests to a device. Who answers devices (the hub) must never be able to make one.
  row('device.{me}.rpc.>', 'sub', '-', '-', '-', '-', 'never', '-'),
  row('device.{else}.rpc.>', '-', '-', '-', '-', '-', 'never', '-'),
  row('device.*.rpc.log.{me}', '-', 'pub', 'pub', '-', '-', '-', '-'),
  row('device.*.rpc.term.{me}', '-', 'pub', 'pub', '-', '-', '-', '-'),
  row('device.*.rpc.screen.{me}', '-', 'pub', 'pub', '-', '-', '-', '-'),
  row('device.*.rpc.peek.{me}', '-', 'pub', 'pub', '-', '-', '-', '-'),
  row('device.*.rpc.exec.{me}', '-', '-', 'pub', '-', '-', '-', '-'),
  row('device.*.rpc.answer.{me}', '-', '-', 'pub', '-', '-', '-', '-'),
  row('device.*.rpc.recording.{me}', '-', '-', '-', '-', 'pub', '-', '-'),
  row('device.*.rpc.exec.{else}', '-', '-', '-', '-', '-', 'never', '-'),
  row('device.*.rpc.log.{else}', '-', '-', '-', '-', '-', 'never', '-'),
  row('device.>', '-', '-', '-', '-', '-', 'never', '-'),
  row('rc.down.{me}', 'sub', '-', '-', '-', '-', 'never', '-'),
  row('rc.down.{else}', '-', '-', '-', '-', '-', 'never', '-'),
  row('rc.down.*', '-', '-', '-', '-', '-', 'never', '-'),
  row('rc.down.>', '-', '-', '-', '-', '-', 'never', '-'),

  // Live streams of a device: it sends, viewers steer.
  row('log.{me}.*.*.out', 'pub', '-', '-', '-', '-', '-', '-'),
  row('log.{me}.*.*.ctl', 'sub', '-', '-', '-', '-', '-', '-'),
  row('term.{me}.*.out', 'pub', 'sub', 'sub', '-', '-', '-', '-'),
  row('term.{me}.*.in.*', 'sub', '-', '-', '-', '-', '-', '-'),
  row('term.{me}.*.ack.*', 'sub', '-', '-', '-', '-', '-', '-'),
  row('term.{me}.*.rpc.*', 'sub', '-', '-', '-', '-', '-', '-'),
  row('screen.{me}.*.*.out', 'pub', '-', '-', '-', '-', '-', '-'),
  row('screen.{me}.*.*.in', 'sub', '-', '-', '-', '-', '-', '-'),
  row('screen.{me}.*.*.ctl', 'sub', '-', '-', '-', '-', '-', '-'),
  row('term.{else}.*.in.*', '-', '-', '-', '-', '-', '-', '-'),
  row('log.{else}.*.*.out', '-', '-', '-', '-', '-', '-', '-'),
  row('log.*.{me}.*.out', '-', 'sub', 'sub', '-', '-', '-', '-'),
  row('log.*.{me}.*.ctl', '-', 'pub', 'pub', '-', '-', '-', '-'),
  row('log.*.{else}.*.out', '-', '-', '-', '-', '-', '-', '-'),
  row('log.*.{else}.*.ctl', '-', '-', '-', '-', '-', '-', '-'),
  row('term.*.*.out', '-', 'sub', 'sub', '-', '-', '-', '-'),
  row('term.*.*.ack.{me}', '-', 'pub', 'pub', '-', '-', '-', '-'),
  row('term.*.*.rpc.{me}', '-', 'pub', 'pub', '-', '-', '-', '-'),
  row('term.*.*.in.{me}', '-', '-', 'pub', '-', '-', '-', '-'),
  row('term.*.*.in.{else}', '-', '-', '-', '-', '-', '-', '-'),
  row('term.{grant}.out', '-', 'sub', 'sub', 'sub', '-', '-', '-'),
  row('term.{grant}.ack.{me}', '-', 'pub', 'pub', 'pub', '-', '-', '-'),
  row('term.{grant}.rpc.{me}', '-', 'pub', 'pub', 'pub', '-', '-', '-'),
  row('screen.*.{me}.*.out', '-', 'sub', 'sub', '-', '-', '-', '-'),
  row('screen.*.{me}.*.ctl', '-', 'pub', 'pub', '-', '-', '-', '-'),
  row('screen.*.{me}.*.in', '-', '-', 'pub', '-', '-', '-', '-'),
  row('screen.*.{else}.*.out', '-', '-', '-', '-', '-', '-', '-'),
  row('bus.{me}.>', 'both', '-', '-', '-', '-', '-', '-'),
  row('bus.{else}.x', 'sub', '-', '-', '-', '-', '-', '-'),
  row('bus.>', 'sub', '-', '-', '-', '-', '-', '-'),
  row('peek.{me}.*', 'pub', 'sub', 'sub', '-', '-', '-', '-'),
  row('peek.{else}.term', '-', 'sub', 'sub', '-', '-', '-', '-'),
  row('peek.*.*', '-', 'sub', 'sub', '-', '-', '-', '-'),

  // The wall: republished from buckets and streams, so nobody who looks at it can forge it.
  row('wall.status.*', '-', 'sub', 'sub', '-', '-', '-', '-'),
  row('wall.event.*', '-', 'sub', 'sub', '-', '-', '-', '-'),
  row('wall.layout.*', '-', 'sub', 'sub', '-', '-', '-', '-'),
  row('wall.device.*', '-', 'sub', 'sub', '-', '-', '-', '-'),
  row('wall.deployment.>', '-', 'sub', 'sub', '-', '-', '-', '-'),
  row('wall.presence.*', '-', 'sub', 'sub', '-', '-', 'pub', '-'),
  row('wall.>', '-', '-', '-', '-', '-', '-', '-'),

  // Inboxes. Everybody hears only its own. A device answers into any inbox, and into nothing else.
  row('_INBOX.{me}.>', 'both', 'sub', 'sub', 'sub', 'sub', 'sub', 'sub'),
  row('_INBOX.{else}.>', 'pub', '-', '-', '-', '-', '-', '-'),
  row('_INBOX.*.>', 'pub', '-', '-', '-', '-', '-', '-'),
  row('_INBOX.*', '-', '-', '-', '-', '-', '-', '-'),

  // Storage. Buckets belong to the hub; nobody hears uncommitted writes on `$KV`.
  row('$KV.>', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$KV.desired-state.{me}.hello', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$KV.status.{me}', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$O.>', '-', '-', '-', '-', '-', 'pub', '-'),
  row('audit.>', '-', '-', '-', '-', '-', 'pub', '-'),
  row('roadchain.>', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.ACK.>', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.FC.>', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.>', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.INFO', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.STREAM.NAMES', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.STREAM.INFO.KV_desired-state', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.STREAM.PURGE.ABSENT', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.CONSUMER.CREATE.KV_desired-state', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.CONSUMER.CREATE.KV_desired-state.mine.$KV.desired-state.{me}.>', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.CONSUMER.DURABLE.CREATE.KV_desired-state.mine', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.CONSUMER.MSG.NEXT.KV_desired-state.mine', '-', '-', '-', '-', '-', 'pub', '-'),
  row('$JS.API.STREAM.DELETE.>', '-', '-', '-', '-', '-', 'never', '-'),
  row('$JS.API.STREAM.SNAPSHOT.>', '-', '-', '-', '-', '-', 'never', '-'),
  row('$JS.API.STREAM.RESTORE.>', '-', '-', '-', '-', '-', 'never', '-'),

  // The server itself, in the system account: revocations, kicks and who is connected.
  row('$SYS.REQ.CLAIMS.UPDATE', '-', '-', '-', '-', '-', '-', 'pub'),
  row('$SYS.REQ.CLAIMS.DELETE', '-', '-', '-', '-', '-', '-', '-'),
  row('$SYS.REQ.ACCOUNT.*.CLAIMS.LOOKUP', '-', '-', '-', '-', '-', '-', 'pub'),
  row('$SYS.REQ.SERVER.*.KICK', '-', '-', '-', '-', '-', '-', 'pub'),
  row('$SYS.REQ.SERVER.*.RELOAD', '-', '-', '-', '-', '-', '-', '-'),
  row('$SYS.REQ.SERVER.PING.CONNZ', '-', '-', '-', '-', '-', '-', 'pub'),
  row('$SYS.ACCOUNT.*.CONNECT', '-', '-', '-', '-', '-', '-', 'sub'),
  row('$SYS.ACCOUNT.*.DISCONNECT', '-', '-', '-', '-', '-', '-', 'sub'),
  row('>', '-', '-', '-', '-', '-', '-', '-'),
];

/** Devices by name, or all that there are and will be. */
export type Reach = 'all' | readonly string[];

export type Actor =
  /** With `name` absent: the template of a scoped signing key, which the server fills with the user's name. */
  | { kind: 'device'; name?: string }
  /** One browser tab or one run of the command line, of somebody who may look. */
  | { kind: 'viewer'; uid: string }
  /** The same, of somebody who may also drive. */
  | { kind: 'operator'; uid: string }
  /** Somebody whose rights end at some devices: those are named, one by one. */
  | { kind: 'limited'; uid: string; see: Reach; drive: Reach; deployments: readonly string[] }
  /** Somebody with a link to one terminal. */
  | { kind: 'guest'; uid: string; device: string; sid: string }
  /** A screen on a wall, which nobody watches. */
  | { kind: 'tv'; uid: string }
  /** The hub's own caller, which fetches recordings from devices and can do nothing else. */
  | { kind: 'recorder'; uid: string }
  /** The hub's own voices about identity: one answers devices, the other calls them. Neither can do what the other does. */
  | { kind: 'identity' }
  | { kind: 'rotator' }
  | { kind: 'hub' }
  /** Everything in the fleet's account: for scripts on the hub's own machine. */
  | { kind: 'admin' }
  | { kind: 'system' };

export function permissionsFor(actor: Actor): Permissions {
  if (actor.kind === 'admin') return {};
  if (actor.kind === 'limited') return limitedPermissions(actor);
  const subjects = (...access: Access[]) =>
    PERMISSION_TABLE.filter((each) => access.includes(each[actor.kind])).map(({ subject }) =>
      subject.replaceAll('{me}', tokenOf(actor)).replaceAll('{grant}', grantOf(actor)),
    );
  const never = subjects('never');
  return { pub: toList(subjects('pub', 'both'), never), sub: toList(subjects('sub', 'both'), never) };
}

/** The rows of a viewer for what they see and of an operator for what they drive, with the devices in place of the first wildcard. */
function limitedPermissions({ uid, see, drive, deployments }: Extract<Actor, { kind: 'limited' }>): Permissions {
  const subjects = (...access: Access[]) => {
    const seen = PERMISSION_TABLE.filter(({ viewer }) => access.includes(viewer));
    const driven = PERMISSION_TABLE.filter(({ viewer, operator }) => access.includes(operator) && !access.includes(viewer));
    const named = ({ subject }: PermissionRow, reach: Reach) => reached(subject.replaceAll('{me}', uid), reach, deployments);
    return [...new Set([...seen.flatMap((row) => named(row, see)), ...driven.flatMap((row) => named(row, drive))])];
  };
  return { pub: listOf(subjects('pub', 'both')), sub: listOf(subjects('sub', 'both')) };
}

/** Saved walls name devices of others, so nobody limited hears of them. */
function reached(subject: string, reach: Reach, deployments: readonly string[]): string[] {
  if (subject.startsWith('_INBOX.')) return [subject];
  if (reach === 'all') return /[*>]/.test(subject) ? [subject] : [];
  if (subject === 'wall.deployment.>')
    return deployments.flatMap((name) => [`wall.deployment.${name}`, `wall.deployment.${name}.status`]);
  if (subject.startsWith('wall.layout.') || !subject.includes('*')) return [];
  return reach.map((device) => subject.replace('*', device));
}

const listOf = (allow: string[]) => (allow.length > 0 ? { allow } : { deny: ['>'] });

/** What stands for `{me}` in this actor's rows. */
export function tokenOf(actor: Exclude<Actor, { kind: 'admin' }>): string {
  switch (actor.kind) {
    case 'device':
      return actor.name ?? '{{name()}}';
    case 'viewer':
    case 'operator':
    case 'limited':
    case 'guest':
    case 'tv':
    case 'recorder':
      return actor.uid;
    case 'hub':
      return HUB_ID;
    case 'identity':
    case 'rotator':
    case 'system':
      return actor.kind;
  }
}

/** For everybody but a guest a place nobody has: their rows reach it through a wildcard or not at all. */
const grantOf = (actor: Actor): string => (actor.kind === 'guest' ? `${actor.device}.${actor.sid}` : 'none.none');

/** An empty list of grants would mean everything to the server, so it becomes a denial of everything. */
function toList(granted: string[], deny: string[]) {
  const allow = granted.filter((narrow) => !granted.some((wide) => wide !== narrow && covers(wide, narrow)));
  if (allow.length === 0) return { deny: ['>'] };
  return { allow, ...(deny.length > 0 ? { deny } : {}) };
}

/** Does every subject of `narrow` belong to `wide`? Both may hold wildcards. */
export function covers(wide: string, narrow: string): boolean {
  const wides = wide.split('.');
  const narrows = narrow.split('.');
  for (const [index, token] of wides.entries()) {
    const other = narrows[index];
    if (other === undefined) return false;
    if (token === '>') return true;
    if (other === '>' || (token !== '*' && token !== other)) return false;
  }
  return wides.length === narrows.length;
}
