/** Lets a guest in by the link of one terminal. Who is signed in already stays who they are, and is told which terminal it is. */
import type { Session } from '#contracts/api.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { GUEST, SESSION_KEY } from '../auth/accounts.ts';
import { describeSession } from '../auth/describe-session.ts';
import { digest } from '../auth/secret.ts';
import { listSessions } from '../auth/sessions.ts';
import { signIn } from '../auth/sign-in.ts';
import { isPast, refuseGuess } from './one-time-link.ts';

export interface EnterAsGuestInput {
  token: string;
  /** Network address the attempt comes from. */
  source: string;
}

/** Without a secret there is no new session. */
export type Entered = { session: Session; secret?: string };

/** Of one link: whoever has it could else fill the storage with sessions. */
const MOST_GUESTS = 50;

export const enterAsGuest = audited<EnterAsGuestInput, Entered>(
  'guest.enter',
  () => 'guest link',
  async ({ ctx: { hub, actor }, input: { token, source } }) => {
    const link = (await hub.buckets.guestLinks.get(SESSION_KEY.guestLink(digest(token))))?.value;
    if (!link || isPast(link.expiresAt)) throw refuseGuess(hub, source, linkOver());
    const { device, sid } = link;
    if (actor.kind === 'person' || actor.kind === 'tv')
      return { session: { ...(await describeSession(hub, actor, undefined)), guest: { device, sid } } };
    const inside = (await listSessions(hub.buckets)).filter(({ value: { guest, expiresAt } }) => {
      return guest?.device === device && guest.sid === sid && expiresAt === link.expiresAt;
    });
    if (inside.length >= MOST_GUESTS) throw tooManyGuests();
    const signedIn = await signIn(hub, { user: GUEST, guest: link });
    if (!signedIn) throw linkOver();
    return signedIn;
  },
);

const tooManyGuests = () =>
  new ProblemError(
    'too-many-attempts',
    `${MOST_GUESTS} guests came in by this link already, and it takes no more.`,
    'The device is not affected. Ask whoever sent it for a new one.',
  );

const linkOver = () =>
  new ProblemError(
    'link-used',
    'This link has ended, or was taken back.',
    'The device is not affected. Ask whoever sent it for a new one.',
  );
