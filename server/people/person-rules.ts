/** Who may invite, change and remove whom: admins are the owner's business, and the owner stays. Pure. */
import { type GivenGrants, highestRole, type Role } from '#contracts/access.ts';
import { ProblemError } from '#contracts/problem.ts';
import { OWNER } from '../auth/accounts.ts';
import type { Actor } from '../hub.ts';

type GivenRole = Exclude<Role, 'owner'>;

/** Names that the hub and the audit trail use for somebody else. */
const RESERVED = /^(?:owner|nobody|guest|hub|system|recorder|device|devices|local|tv|tv-.*)$/;

export function checkName(name: string): void {
  if (RESERVED.test(name))
    throw new ProblemError(
      'conflict',
      `${name} cannot be the name of a person here.`,
      'Nothing has changed. Choose another name.',
    );
}

/** What a record keeps: the highest role, and the grants where they are not simply that role for the whole fleet. */
export function toGiven({ role, grants }: { role?: GivenRole | undefined; grants?: GivenGrants | undefined }): {
  role: GivenRole;
  grants?: GivenGrants;
} {
  if (role) return { role };
  const highest = highestRole(grants ?? []) as GivenRole | undefined;
  if (!highest || !grants) throw new TypeError('The schema lets nobody ask for neither a role nor grants.');
  const whole = grants.some((grant) => grant.role === highest && !grant.selector);
  return whole ? { role: highest } : { role: highest, grants };
}

/** `roles`: what the person has now, or gets. */
export function checkMayHandle(actor: Actor, ...roles: Role[]): void {
  if (roles.includes('admin') && actor.role !== 'owner')
    throw new ProblemError(
      'forbidden',
      'Admins are invited, changed and removed by the owner only.',
      'Nothing has changed. Ask the owner.',
    );
}

export function checkNotOwner(name: string): void {
  if (name === OWNER)
    throw new ProblemError(
      'forbidden',
      'The owner stays, with every right.',
      'Nothing has changed. A new password for the owner: npx scorewall owner-link',
    );
}

export const noSuchPerson = (name: string): ProblemError =>
  new ProblemError('not-found', `There is nobody called ${name} here.`, 'Nothing has changed. See the list of people.');
