/** Makes a person out of an invite: the link proves who they are, the password is theirs. */
import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import { may } from '#contracts/access.ts';
import type { JoinRequest } from '#contracts/api-people.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { ACCOUNT_KEY, type InviteRecord, type PersonRecord, SESSION_KEY } from '../auth/accounts.ts';
import { hashPassword } from '../auth/password.ts';
import { roleOf } from '../auth/role-of.ts';
import { digest } from '../auth/secret.ts';
import { GONE } from '../auth/sessions.ts';
import { type SignedIn, signIn } from '../auth/sign-in.ts';
import type { Buckets } from '../hub.ts';
import type { Entry } from '../kv/bucket.ts';
import { RevisionConflict } from '../kv/store.ts';
import { isPast, refuseGuess } from './one-time-link.ts';

export interface JoinInput extends z.infer<typeof JoinRequest> {
  /** Network address the attempt comes from. */
  source: string;
}

export const join = audited<JoinInput, SignedIn>(
  'person.join',
  () => 'invite',
  async ({ ctx, input: { token, password, source } }) => {
    const { hub } = ctx;
    const invite = await findInvite(hub.buckets, token);
    if (!invite) throw refuseGuess(hub, source, inviteUsed());
    const passwordHash = await hashPassword(password);
    const person = await addPerson({ ctx, input: { invite, passwordHash } });
    const signedIn = await signIn(hub, { user: person.name, id: person.id });
    if (!signedIn) throw inviteUsed();
    return signedIn;
  },
);

const addPerson = audited<{ invite: Entry<InviteRecord>; passwordHash: string }, PersonRecord>(
  'person.add',
  ({ invite }) => `${invite.value.name} as ${invite.value.role}`,
  async ({ ctx: { hub }, input: { invite, passwordHash } }) => {
    const { people, invites } = hub.buckets;
    const { name, role, by } = invite.value;
    const person = {
      name,
      id: randomBytes(8).toString('hex'),
      role,
      passwordHash,
      createdAt: new Date().toISOString(),
      invitedBy: by.user,
    };
    try {
      // Exactly one of all who use a link at the same moment gets past this.
      await invites.delete(invite.key, { ...GONE, expectedRevision: invite.revision });
      await people.create(ACCOUNT_KEY.person(name), person);
    } catch (error) {
      throw error instanceof RevisionConflict ? inviteUsed() : error;
    }
    return person;
  },
);

/** Good only while whoever made it may still make it. */
async function findInvite(buckets: Buckets, secret: string): Promise<Entry<InviteRecord> | undefined> {
  const invite = await buckets.invites.get(SESSION_KEY.invite(digest(secret)));
  if (!invite || isPast(invite.value.expiresAt)) return undefined;
  const inviter = await roleOf(buckets, invite.value.by);
  if (!inviter || !may(inviter, 'manage')) return undefined;
  return invite.value.role === 'admin' && inviter !== 'owner' ? undefined : invite;
}

const inviteUsed = () =>
  new ProblemError(
    'link-used',
    'This invitation was used already, was taken back, or is older than three days.',
    'Nothing has changed. Ask whoever sent it for a new one.',
  );
