/** Invites somebody by a one-time link. An earlier invite of the same name no longer works. */
import type * as z from 'zod';
import { grantWords } from '#contracts/access.ts';
import type { Invite, InviteRequest } from '#contracts/api-people.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { ACCOUNT_KEY, SESSION_KEY } from '../auth/accounts.ts';
import { grantsOfRecord } from '../auth/grants-of.ts';
import { digest, newSecret } from '../auth/secret.ts';
import { checkBound, linkTo } from './one-time-link.ts';
import { checkMayHandle, checkName, toGiven } from './person-rules.ts';
import { removeInvites } from './withdraw-invite.ts';

const LIFE_MS = 3 * 24 * 3_600_000;
const MOST_PEOPLE = 500;

export interface CreateInviteInput extends z.infer<typeof InviteRequest> {
  baseUrl: string;
}

export const createInvite = audited<CreateInviteInput, Invite>(
  'person.invite',
  ({ name, ...given }) => `${name} as ${grantWords(grantsOfRecord(toGiven(given)))}`,
  async ({ ctx: { hub, actor }, input: { name, baseUrl, ...given } }) => {
    const { role, grants } = toGiven(given);
    const { people, invites } = hub.buckets;
    checkName(name);
    checkMayHandle(actor, role);
    const there = await people.list(ACCOUNT_KEY.people);
    if (there.some(({ value }) => value.name === name))
      throw new ProblemError(
        'conflict',
        `${name} is here already.`,
        'Nothing has changed. Change the role in the list of people, or remove them first to let them choose a new password.',
      );
    await removeInvites(hub.buckets, (invite) => invite.name === name);
    const waiting = await invites.list(SESSION_KEY.invites);
    checkBound(there.length + waiting.length, MOST_PEOPLE, 'people and invites');
    const secret = newSecret();
    const expiresAt = new Date(Date.now() + LIFE_MS).toISOString();
    const by = { user: actor.user, ...(actor.id ? { id: actor.id } : {}) };
    const record = { name, role, ...(grants ? { grants } : {}), by, expiresAt };
    await invites.put(SESSION_KEY.invite(digest(secret)), record, { expectedRevision: 0, ttlSeconds: LIFE_MS / 1000 });
    return {
      name,
      role,
      grants: [...grantsOfRecord(record)],
      url: linkTo(baseUrl, 'join', secret),
      expiresAt,
      createdBy: actor.user,
    };
  },
);
