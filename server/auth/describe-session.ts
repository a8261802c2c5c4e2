/** What a signed-in person, TV, guest or program is told about itself. */
import type { Session } from '#contracts/api.ts';
import type { Actor, Hub } from '../hub.ts';
import { ACCOUNT_KEY, DEFAULT_WALL_NAME, type SessionRecord } from './accounts.ts';
import { provenUntilMs } from './proof.ts';
import { ABSOLUTE_MS } from './session-life.ts';

/** Without a record: a program with a token, whose end is not foreseen. */
export async function describeSession(hub: Hub, actor: Actor, record: SessionRecord | undefined): Promise<Session> {
  const provenUntil = record && provenUntilMs(record, hub.proofMs);
  return {
    user: actor.user,
    role: actor.role ?? 'viewer',
    kind: actor.kind === 'nobody' ? 'guest' : actor.kind,
    rights: [...actor.rights],
    ...(actor.grants.length > 0 ? { grants: [...actor.grants] } : {}),
    ...(provenUntil === undefined ? {} : { provenUntil: new Date(provenUntil).toISOString() }),
    ...(record?.guest ? { guest: { device: record.guest.device, sid: record.guest.sid } } : {}),
    ...(record?.tv ? { wall: record.tv.wall } : {}),
    wallName: await wallName(hub),
    expiresAt: record?.expiresAt ?? new Date(Date.now() + ABSOLUTE_MS).toISOString(),
    version: hub.version,
  };
}

export async function wallName({ buckets }: Pick<Hub, 'buckets'>): Promise<string> {
  return (await buckets.owners.get(ACCOUNT_KEY.owner))?.value.wallName ?? DEFAULT_WALL_NAME;
}
