/** Everybody who is here, and everybody who is invited. */
import type { Invite, Person } from '#contracts/api-people.ts';
import { ACCOUNT_KEY, OWNER, type PersonRecord, SESSION_KEY } from '../auth/accounts.ts';
import { FACTOR_KEY } from '../auth/factors.ts';
import { grantsOfRecord } from '../auth/grants-of.ts';
import { hasOnFleet } from '../auth/reach.ts';
import type { Actor, Context, Hub } from '../hub.ts';
import { isPast } from './one-time-link.ts';

export async function listPeople({ ctx: { hub, actor } }: { ctx: Context }): Promise<{ items: Person[]; invites: Invite[] }> {
  const { owners, people, invites } = hub.buckets;
  const [owner, others, waiting] = await Promise.all([
    owners.get(ACCOUNT_KEY.owner),
    people.list(ACCOUNT_KEY.people),
    invites.list(SESSION_KEY.invites),
  ]);
  const first: Person[] = owner
    ? [{ name: OWNER, role: 'owner', grants: [{ role: 'owner' }], createdAt: owner.value.createdAt }]
    : [];
  const all = hasOnFleet(actor, 'see');
  // Who else is here is not told to somebody whose rights end at some devices.
  if (!all)
    return { items: others.filter(({ value }) => value.name === actor.user).map(({ value }) => toPerson(value)), invites: [] };
  const codes = await withCodes(hub, actor);
  return {
    items: [...first, ...others.map(({ value }) => toPerson(value)).sort(byName)].map((one) =>
      codes.has(one.name) ? { ...one, codes: true } : one,
    ),
    invites: waiting
      .filter(({ value }) => !isPast(value.expiresAt))
      .map(({ value: { by, expiresAt, ...one } }) => ({
        name: one.name,
        role: one.role,
        grants: [...grantsOfRecord(one)],
        expiresAt,
        createdBy: by.user,
      }))
      .sort(byName),
  };
}

/** Who is asked for codes from an app is the owner's business, who can turn them off. */
async function withCodes({ buckets }: Hub, { role }: Actor): Promise<Set<string>> {
  if (role !== 'owner') return new Set();
  const all = await buckets.totps.list(FACTOR_KEY.totps);
  return new Set(all.filter(({ value }) => value.confirmedAt).map(({ value }) => value.user));
}

/** Without the hash of the password. */
export const toPerson = ({ name, role, grants, createdAt, invitedBy, oidc }: Omit<PersonRecord, 'id'>): Person => ({
  name,
  role,
  grants: [...grantsOfRecord({ role, grants })],
  createdAt,
  ...(oidc ? { provider: true } : { invitedBy }),
});

const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
