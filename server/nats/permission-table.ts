/**
 * Who may say and hear what on NATS: one table. The templates of the scoped signing keys, the lists in minted JWTs and
 * the integration test that tries every cell on a real server are all made from it.
 */
export const ACTORS = [
  'device',
  'contested',
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
  contested: ofContested(subject, device),
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

/** A device of which there are two says that it is there and who it is, and hears what is answered to that. */
function ofContested(subject: string, device: Access): Access {
  if (subject === '_INBOX.{me}.>') return 'sub';
  return /^(?:status|rc\.(?:up|down))\.\{me\}$/.test(subject) ? device : '-';
}

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
