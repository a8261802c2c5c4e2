/** People who come from a provider: made at their first sign-in, given the role of their claims at each, dismissed without one. */
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../../audit/audited.ts';
import type { Buckets, Context } from '../../hub.ts';
import type { Entry } from '../../kv/bucket.ts';
import { RevisionConflict } from '../../kv/store.ts';
import { checkBound } from '../../people/one-time-link.ts';
import { checkName } from '../../people/person-rules.ts';
import { withdrawGiven } from '../../people/withdraw-given.ts';
import { ACCOUNT_KEY, type PersonRecord, SESSION_KEY } from '../accounts.ts';
import { endOtherSessions } from '../change-password.ts';
import { newPersonId } from '../passkeys/link-passkey.ts';
import { type Claims, nameFrom } from './read-claims.ts';

const MOST_PEOPLE = 500;
const MOST_ATTEMPTS = 5;
/** In the place of who invited them. */
const INVITED_BY = 'provider';

export interface Subject {
  issuer: string;
  subject: string;
}

export interface AdmitInput extends Subject {
  claims: Claims;
  role: PersonRecord['role'];
}

export async function admitPerson({ ctx, input }: { ctx: Context; input: AdmitInput }): Promise<PersonRecord> {
  for (let attempt = 1; ; attempt++) {
    try {
      const there = await findPerson(ctx.hub.buckets, input);
      if (!there) return await addPerson({ ctx, input });
      return there.value.role === input.role ? there.value : await changeRole({ ctx, input: { there, role: input.role } });
    } catch (error) {
      // Two tabs came back at the same moment: the later one finds what the other made.
      if (!(error instanceof RevisionConflict) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}

const addPerson = audited<AdmitInput, PersonRecord>(
  'person.add',
  ({ role }) => `from the provider as ${role}`,
  async ({ ctx: { hub }, input: { issuer, subject, claims, role } }) => {
    const { people, invites } = hub.buckets;
    const [there, waiting] = await Promise.all([people.list(ACCOUNT_KEY.people), invites.list(SESSION_KEY.invites)]);
    checkBound(there.length + waiting.length, MOST_PEOPLE, 'people and invites');
    const taken = new Set([...there, ...waiting].map(({ value }) => value.name));
    const name = nameFrom(claims, (one) => taken.has(one) || isReserved(one));
    const person: PersonRecord = {
      name,
      id: newPersonId(),
      role,
      oidc: { issuer, subject },
      createdAt: new Date().toISOString(),
      invitedBy: INVITED_BY,
    };
    await people.create(ACCOUNT_KEY.person(name), person);
    return person;
  },
);

const changeRole = audited<{ there: Entry<PersonRecord>; role: PersonRecord['role'] }, PersonRecord>(
  'person.change',
  ({ there, role }) => `${there.value.name} to ${role}`,
  async ({ ctx: { hub }, input: { there, role } }) => {
    const { grants: _, ...before } = there.value;
    const person = { ...before, role };
    await hub.buckets.people.put(there.key, person, { expectedRevision: there.revision });
    await withdrawGiven(hub, person.name, [{ role }]);
    await endOtherSessions(hub, { user: person.name }, undefined);
    return person;
  },
);

/** Whoever has no role any more is signed out everywhere. Nothing for somebody who never was here. */
export async function dismissPerson({ ctx, input }: { ctx: Context; input: Subject }): Promise<void> {
  const there = await findPerson(ctx.hub.buckets, input);
  if (there) await remove({ ctx, input: there });
}

const remove = audited<Entry<PersonRecord>, void>(
  'person.remove',
  ({ value }) => value.name,
  async ({ ctx: { hub }, input: { key, value, revision } }) => {
    const { people, tokens } = hub.buckets;
    await people.delete(key, { expectedRevision: revision });
    await endOtherSessions(hub, { user: value.name }, undefined);
    const theirs = (await tokens.list(ACCOUNT_KEY.tokens)).filter(({ value: token }) => token.user === value.name);
    await Promise.all(theirs.map((token) => tokens.delete(token.key)));
    await withdrawGiven(hub, value.name);
  },
);

/** By what the provider calls them for ever, never by name or address: those can be given to somebody else. */
async function findPerson({ people }: Buckets, { issuer, subject }: Subject): Promise<Entry<PersonRecord> | undefined> {
  const all = await people.list(ACCOUNT_KEY.people);
  return all.find(({ value: { oidc } }) => oidc?.issuer === issuer && oidc.subject === subject);
}

function isReserved(name: string): boolean {
  try {
    checkName(name);
    return false;
  } catch (error) {
    if (error instanceof ProblemError) return true;
    throw error;
  }
}
