/** Who may do what: four roles, seven rights. The permissions on NATS, the verbs of the API and the pages are all made from it. */
import * as z from 'zod';

export const ROLES = ['viewer', 'operator', 'admin', 'owner'] as const;
export const Role = z.enum(ROLES);
export type Role = z.infer<typeof Role>;

/**
 * `see`: the wall. `logs`: read logs. `watch`: terminals, screens, recordings. `drive`: type, take a screen, answer for a device.
 * `deploy`: change deployments and saved walls. `manage`: add, label and remove devices; invite people; pair TVs. `own`: people with
 * every right, the owner's link.
 */
export const RIGHTS = ['see', 'logs', 'watch', 'drive', 'deploy', 'manage', 'own'] as const;
export type Right = (typeof RIGHTS)[number];

const RIGHTS_OF: Readonly<Record<Role, readonly Right[]>> = {
  viewer: ['see', 'logs', 'watch'],
  operator: ['see', 'logs', 'watch', 'drive', 'deploy'],
  admin: ['see', 'logs', 'watch', 'drive', 'deploy', 'manage'],
  owner: RIGHTS,
};

export const rightsOf = (role: Role): readonly Right[] => RIGHTS_OF[role];
export const may = (role: Role, right: Right): boolean => RIGHTS_OF[role].includes(right);
