/**
 * Who may do what: four roles, seven rights, granted for the whole fleet or for the devices that carry some labels. The permissions on
 * NATS, the verbs of the API and the pages are all made from it.
 */
import * as z from 'zod';
import { Labels } from './name.ts';

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

/** A role, for the devices that carry these labels: "operator on site=berlin". Without a selector for the whole fleet. */
export const Grant = z
  .strictObject({
    role: Role,
    selector: Labels.refine(
      (labels) => Object.keys(labels).length > 0,
      'Give at least one label, or leave the selector out for the whole fleet.',
    )
      .optional()
      .describe('Devices that carry all of these labels; absent: every device, and what belongs to none.'),
  })
  .meta({ id: 'Grant' });
export type Grant = z.infer<typeof Grant>;
/** What can be given to somebody: the owner is made by a link of their own. */
export const GivenGrants = z
  .array(Grant.extend({ role: Role.exclude(['owner']) }))
  .min(1, 'Grant at least one role.')
  .max(16);
export type GivenGrants = z.infer<typeof GivenGrants>;

type LabelsOf = Readonly<Record<string, string>>;

const union = (roles: readonly Role[]): readonly Right[] => RIGHTS.filter((right) => roles.some((role) => may(role, right)));

export const matchesSelector = (selector: LabelsOf | undefined, labels: LabelsOf): boolean =>
  Object.entries(selector ?? {}).every(([key, value]) => labels[key] === value);

/** On one device. */
export const rightsOn = (grants: readonly Grant[], labels: LabelsOf): readonly Right[] =>
  union(grants.filter(({ selector }) => matchesSelector(selector, labels)).map(({ role }) => role));

/** On at least one device that may be there. */
export const rightsSomewhere = (grants: readonly Grant[]): readonly Right[] => union(grants.map(({ role }) => role));

/** On every device, and on what belongs to none: people, walls, the hub. */
export const rightsOnFleet = (grants: readonly Grant[]): readonly Right[] =>
  union(grants.filter(({ selector }) => !selector).map(({ role }) => role));

/** The role that says most about somebody; undefined for no grants. */
export const highestRole = (grants: readonly Grant[]): Role | undefined =>
  ROLES.findLast((role) => grants.some((grant) => grant.role === role));

/** What both sides grant: a token reaches no farther than whoever made it does now. Roles are nested, so the lower one is the common one. */
export function commonGrants(some: readonly Grant[], others: readonly Grant[]): Grant[] {
  return some.flatMap((one) =>
    others.flatMap((other) => {
      const [a, b] = [one.selector ?? {}, other.selector ?? {}];
      if (Object.entries(a).some(([key, value]) => key in b && b[key] !== value)) return [];
      const selector = { ...a, ...b };
      const role = ROLES.indexOf(one.role) < ROLES.indexOf(other.role) ? one.role : other.role;
      return [Object.keys(selector).length > 0 ? { role, selector } : { role }];
    }),
  );
}

/** Whether somebody with `own` has everything that `wanted` would give. */
export const grantsCover = (own: readonly Grant[], wanted: readonly Grant[]): boolean =>
  wanted.every(({ role, selector = {} }) =>
    own.some((grant) => ROLES.indexOf(grant.role) >= ROLES.indexOf(role) && matchesSelector(grant.selector, selector)),
  );

/** "operator on site=berlin, viewer". */
export const grantWords = (grants: readonly Grant[]): string =>
  grants
    .map(({ role, selector }) =>
      selector
        ? `${role} on ${Object.entries(selector)
            .map(([key, value]) => `${key}=${value}`)
            .join(', ')}`
        : role,
    )
    .join('; ');
