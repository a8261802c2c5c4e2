/** The permissions of each actor on NATS, made from the table. */
import type { Permissions } from './jwt.ts';
import { type Access, HUB_ID, PERMISSION_TABLE, type PermissionRow } from './permission-table.ts';

/** Devices by name, or all that there are and will be. */
export type Reach = 'all' | readonly string[];

export type Actor =
  /** With `name` absent: the template of a scoped signing key, which the server fills with the user's name. */
  | { kind: 'device'; name?: string }
  /** A device whose identity is contested, until a person has said which one is right. */
  | { kind: 'contested'; name: string }
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
    case 'contested':
      return actor.name;
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
