/** Makes a person out of an invite: the link proves who they are, the password or passkey is theirs. */
import type * as z from 'zod';
import { grantWords, highestRole, rightsOnFleet } from '#contracts/access.ts';
import type { Amr } from '#contracts/api-auth.ts';
import type { JoinRequest } from '#contracts/api-people.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { ACCOUNT_KEY, type InviteRecord, type PersonRecord, SESSION_KEY } from '../auth/accounts.ts';
import { grantsOf, grantsOfRecord } from '../auth/grants-of.ts';
import { checkLinkPasskey, FIRST_PASSKEY, newPersonId } from '../auth/passkeys/link-passkey.ts';
import { storePasskey } from '../auth/passkeys/passkeys.ts';
import { hashPassword } from '../auth/password.ts';
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
  /** Of the short-lived cookie, and of the page: a passkey is bound to both. */
  door: string;
  origin: string;
}

export const join = audited<JoinInput, SignedIn>(
  'person.join',
  () => 'invite',
  async ({ ctx, input }) => {
    const { token, password, source } = input;
    const { hub } = ctx;
    const invite = await findInvite(hub.buckets, token);
    if (!invite) throw refuseGuess(hub, source, inviteUsed());
    const passkey = input.passkey && (await checkLinkPasskey(hub, input, input.passkey));
    if (passkey && passkey.whose.user !== invite.value.name) throw inviteUsed();
    const passwordHash = password === undefined ? undefined : await hashPassword(password);
    const person = await addPerson({ ctx, input: { invite, passwordHash, id: passkey?.whose.id ?? newPersonId() } });
    if (passkey) await storePasskey(hub, { ...passkey.whose, ...passkey.made, name: FIRST_PASSKEY });
    const amr: Amr[] = ['link', passkey ? 'passkey' : 'password'];
    const signedIn = await signIn(hub, { user: person.name, id: person.id, amr });
    if (!signedIn) throw inviteUsed();
    return signedIn;
  },
);

const addPerson = audited<{ invite: Entry<InviteRecord>; passwordHash: string | undefined; id: string }, PersonRecord>(
  'person.add',
  ({ invite }) => `${invite.value.name} as ${grantWords(grantsOfRecord(invite.value))}`,
  async ({ ctx: { hub }, input: { invite, passwordHash, id } }) => {
    const { people, invites } = hub.buckets;
    const { name, role, grants, by } = invite.value;
    const person = {
      name,
      id,
      role,
      ...(grants ? { grants } : {}),
      ...(passwordHash ? { passwordHash } : {}),
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
export async function findInvite(buckets: Buckets, secret: string): Promise<Entry<InviteRecord> | undefined> {
  const invite = await buckets.invites.get(SESSION_KEY.invite(digest(secret)));
  if (!invite || isPast(invite.value.expiresAt)) return undefined;
  const inviter = await grantsOf(buckets, invite.value.by);
  if (!inviter || !rightsOnFleet(inviter).includes('manage')) return undefined;
  return invite.value.role === 'admin' && highestRole(inviter) !== 'owner' ? undefined : invite;
}

export const inviteUsed = () =>
  new ProblemError(
    'link-used',
    'This invitation was used already, was taken back, or is older than three days.',
    'Nothing has changed. Ask whoever sent it for a new one.',
  );
