/** Bodies of the REST API around people: invites, guests' links, TVs. */
import * as z from 'zod';
import { Role } from './access.ts';
import { Name } from './name.ts';
import { SessionId } from './stream/session.ts';

const Secret = z.string().min(20).max(200);

/** `POST /invites` (right: manage; only the owner invites admins) */
export const InviteRequest = z
  .strictObject({ name: Name.describe('What they will be called here.'), role: Role.exclude(['owner']) })
  .meta({ id: 'InviteRequest' });
export const Invite = z
  .object({
    name: Name,
    role: Role,
    url: z.string().optional().describe('Shown once: `/join#<secret>`. Absent in lists.'),
    expiresAt: z.iso.datetime().describe('Three days from its making.'),
    createdBy: Name,
  })
  .meta({ id: 'Invite' });
export type Invite = z.infer<typeof Invite>;

/** `POST /join`, without a session */
export const JoinRequest = z
  .strictObject({ token: Secret, password: z.string().min(10, 'Use at least 10 characters.').max(1024) })
  .meta({ id: 'JoinRequest' });

export const Person = z
  .object({ name: Name, role: Role, createdAt: z.iso.datetime(), invitedBy: Name.optional() })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof Person>;
/** `GET /people` (right: see) */
export const PersonList = z.object({ items: z.array(Person), invites: z.array(Invite) }).meta({ id: 'PersonList' });
/** `PATCH /people/{name}`, `DELETE /people/{name}` (right: manage; the owner stays, admins are changed by the owner) */
export const ChangePersonRequest = z.strictObject({ role: Role.exclude(['owner']) }).meta({ id: 'ChangePersonRequest' });

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
