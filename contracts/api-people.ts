/** Bodies of the REST API around people: invites, guests' links, TVs. */
import * as z from 'zod';
import { GivenGrants, Grant, Role } from './access.ts';
import { ONE_WAY_IN, oneWayIn, PasskeyRegistration } from './api-auth.ts';
import { Name } from './name.ts';
import { SessionId } from './stream/session.ts';

const Secret = z.string().min(20).max(200);

/** A role for the whole fleet, or grants: exactly one of the two. */
const Given = {
  role: Role.exclude(['owner']).optional().describe('For the whole fleet.'),
  grants: GivenGrants.optional().describe('In place of `role`: roles for the devices that carry some labels.'),
};
const givesOnce = ({ role, grants }: { role?: unknown; grants?: unknown }) => (role === undefined) !== (grants === undefined);
const GIVE_ONCE = 'Give a role or grants, not both.';

/** `POST /invites` (right: manage; only the owner invites admins) */
export const InviteRequest = z
  .strictObject({ name: Name.describe('What they will be called here.'), ...Given })
  .refine(givesOnce, GIVE_ONCE)
  .meta({ id: 'InviteRequest' });
export const Invite = z
  .object({
    name: Name,
    role: Role.describe('The highest of the grants.'),
    grants: z.array(Grant).default([]),
    url: z.string().optional().describe('Shown once: `/join#<secret>`. Absent in lists.'),
    expiresAt: z.iso.datetime().describe('Three days from its making.'),
    createdBy: Name,
  })
  .meta({ id: 'Invite' });
export type Invite = z.infer<typeof Invite>;

/** `POST /join`, without a session */
export const JoinRequest = z
  .strictObject({
    token: Secret,
    password: z.string().min(10, 'Use at least 10 characters.').max(1024).optional(),
    passkey: PasskeyRegistration.optional().describe('In its place; options from `POST /links/passkey-options`.'),
  })
  .refine(oneWayIn, ONE_WAY_IN)
  .meta({ id: 'JoinRequest' });

export const Person = z
  .object({
    name: Name,
    role: Role.describe('The highest of the grants.'),
    grants: z.array(Grant).default([]),
    createdAt: z.iso.datetime(),
    invitedBy: Name.optional(),
    provider: z.boolean().optional().describe('True: signs in with the account of a provider.'),
    codes: z.boolean().optional().describe('True: is asked for codes from an app. Told to the owner alone.'),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof Person>;
/** `GET /people` (right: see) */
export const PersonList = z.object({ items: z.array(Person), invites: z.array(Invite) }).meta({ id: 'PersonList' });
/** `PATCH /people/{name}`, `DELETE /people/{name}` (right: manage; the owner stays, admins are changed by the owner) */
export const ChangePersonRequest = z.strictObject(Given).refine(givesOnce, GIVE_ONCE).meta({ id: 'ChangePersonRequest' });

/** `POST /guest-links` (right: drive) */
export const GuestLinkRequest = z
  .strictObject({
    device: Name,
    sid: SessionId,
    minutes: z
      .number()
      .int()
      .min(5)
      .max(24 * 60)
      .default(60),
  })
  .meta({ id: 'GuestLinkRequest' });
export const GuestLink = z
  .object({ url: z.string().describe('`/guest#<secret>`: watches this one terminal, cannot type.'), expiresAt: z.iso.datetime() })
  .meta({ id: 'GuestLink' });
export type GuestLink = z.infer<typeof GuestLink>;
/** `POST /guest`, without a session: signs the guest in */
export const GuestRequest = z.strictObject({ token: Secret }).meta({ id: 'GuestRequest' });

/** `POST /tv-pairings`, without a session */
export const TvPairing = z
  .object({
    code: z
      .string()
      .regex(/^[0-9A-HJKMNP-TV-Z]{6}$/)
      .describe('Shown on the TV; typed on a phone.'),
    secret: Secret.describe('Stays on the TV; proves at the claim that it is the one that shows the code.'),
    expiresAt: z.iso.datetime().describe('Ten minutes from now.'),
  })
  .meta({ id: 'TvPairing' });
export type TvPairing = z.infer<typeof TvPairing>;
/** `POST /tv-pairings/{code}/approve` (right: manage) */
export const ApproveTvRequest = z
  .strictObject({ title: z.string().trim().min(1).max(40).describe('Which TV it is.'), wall: Name })
  .meta({ id: 'ApproveTvRequest' });
/** `POST /tv-pairings/{code}/claim`, without a session, every few seconds: waits, or signs the TV in */
export const ClaimTvRequest = z.strictObject({ secret: Secret }).meta({ id: 'ClaimTvRequest' });
export const TvClaim = z.object({ paired: z.boolean() }).meta({ id: 'TvClaim' });
export const Tv = z
  .object({
    id: z.string(),
    title: z.string(),
    wall: Name,
    pairedBy: Name,
    pairedAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
  })
  .meta({ id: 'Tv' });
export type Tv = z.infer<typeof Tv>;
/** `GET /tvs`; `PATCH /tvs/{id}` with another wall; `DELETE /tvs/{id}` (right: manage) */
export const TvList = z.object({ items: z.array(Tv) }).meta({ id: 'TvList' });
export const ChangeTvRequest = z.strictObject({ wall: Name }).meta({ id: 'ChangeTvRequest' });

const YEAR_MS = 366 * 24 * 3_600_000;
/** `POST /tokens` (right: see; of one's own rights at most) */
export const TokenRequest = z
  .strictObject({
    name: z.string().trim().min(1).max(60).describe('What it is for.'),
    grants: GivenGrants.describe('At most what you have yourself. It shrinks with what you have.'),
    expiresAt: z.iso
      .datetime()
      .refine((at) => Date.parse(at) > Date.now(), 'This moment has passed.')
      .refine((at) => Date.parse(at) <= Date.now() + YEAR_MS, 'A token is good for a year at most.'),
  })
  .meta({ id: 'TokenRequest' });
export const TokenView = z
  .object({
    id: z.string(),
    name: z.string(),
    user: z.string().describe('Whose rights it carries.'),
    grants: z.array(Grant),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().optional(),
  })
  .meta({ id: 'TokenView' });
export type TokenView = z.infer<typeof TokenView>;
/** `GET /tokens`: your own; the owner sees all. `DELETE /tokens/{id}` */
export const TokenList = z.object({ items: z.array(TokenView) }).meta({ id: 'TokenList' });
export const NewToken = z
  .object({ token: TokenView, secret: z.string().describe('Sent as `Authorization: Bearer`. Shown once.') })
  .meta({ id: 'NewToken' });
export type NewToken = z.infer<typeof NewToken>;

export const SessionView = z
  .object({
    id: z.string(),
    user: z.string(),
    current: z.boolean().describe('The one that asks.'),
    from: z.string().optional().describe('Network address of its last request.'),
    client: z.string().optional().describe('What its browser calls itself.'),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'SessionView' });
export type SessionView = z.infer<typeof SessionView>;
/** `GET /sessions`: your own; the owner sees those of all people. `DELETE /sessions/{id}` */
export const SessionList = z.object({ items: z.array(SessionView) }).meta({ id: 'SessionList' });

/** `POST /step-up` answers with the moment until which it counts. */
export const SteppedUp = z.object({ until: z.iso.datetime() }).meta({ id: 'SteppedUp' });

const Moment = z.iso.datetime({ offset: true }).transform((at) => new Date(at).toISOString());
/** `GET /audit`, newest first; `GET /audit/export?format=jsonl|csv`, oldest first (right: manage) */
export const AuditQuery = z.object({
  user: z.string().max(64).optional(),
  action: z.string().max(64).optional().describe('`device`, or `device.remove`.'),
  target: z.string().max(128).optional().describe('Part of it.'),
  result: z.string().max(40).optional().describe('`ok`, the code of a problem, or `refused` for all but `ok`.'),
  since: Moment.optional(),
  until: Moment.optional(),
  all: z
    .stringbool()
    .optional()
    .describe('Also that a page or a program renewed its live connection, which each does every few minutes.'),
  before: z.coerce.number().int().positive().optional(),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
