/** What the roles are, for people. Pure. */
import { ROLES, type Role } from '#contracts/access.ts';

export type GivenRole = Exclude<Role, 'owner'>;

export const ROLE_WORDS: Record<Role, string> = {
  viewer: 'Sees the wall, logs, terminals and screens',
  operator: 'Also types on devices and deploys',
  admin: 'Also manages devices, people and TVs',
  owner: 'Everything',
};

/** Roles that somebody of this role may give: admins are made by the owner only. */
export const rolesToGive = (mine: Role | undefined): readonly GivenRole[] =>
  ROLES.filter((role): role is GivenRole => role !== 'owner' && (role !== 'admin' || mine === 'owner'));

/** May somebody of this role change or remove somebody of that one? The owner stays. */
export const mayHandle = (mine: Role | undefined, theirs: Role): boolean =>
  (mine === 'owner' || mine === 'admin') && rolesToGive(mine).some((role) => role === theirs);
