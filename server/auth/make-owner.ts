/**
 * Makes the owner with a one-time link, or lets the owner begin anew: whoever had a password, a passkey, a code app or a session of the
 * owner has none any more.
 */
import type * as z from 'zod';
import type { OwnerRequest } from '#contracts/api.ts';
import { ProblemError } from '#contracts/problem.ts';
import { audited } from '../audit/audited.ts';
import { ACCOUNT_KEY, DEFAULT_WALL_NAME, OWNER } from './accounts.ts';
import { endSessions } from './end-sessions.ts';
import { consumeOwnerLink, findOwnerLink } from './owner-link.ts';
import { checkLinkPasskey, FIRST_PASSKEY } from './passkeys/link-passkey.ts';
import { storePasskey } from './passkeys/passkeys.ts';
import { hashPassword } from './password.ts';
import { removeFactors } from './remove-factors.ts';
import { type SignedIn, signIn } from './sign-in.ts';
import { TooManyAttempts } from './too-many-attempts.ts';

export interface MakeOwnerInput extends z.infer<typeof OwnerRequest> {
  /** Network address the attempt comes from. */
  source: string;
  /** Of the short-lived cookie, and of the page: a passkey is bound to both. */
  door: string;
  origin: string;
}

export const makeOwner = audited<MakeOwnerInput, SignedIn>(
  'owner.make',
  () => OWNER,
  async ({ ctx: { hub }, input }) => {
    const { buckets } = hub;
    const link = await findOwnerLink(buckets, input.token);
    if (link === undefined) {
      // Nobody guesses a link; but each refusal is audited, and a stranger must not fill the disk with them.
      const waitMs = hub.throttle.begin(input.source, Date.now());
      throw waitMs > 0 ? new TooManyAttempts(Math.ceil(waitMs / 1000)) : linkUsed();
    }
    const passkey = input.passkey && (await checkLinkPasskey(hub, input, input.passkey));
    if (passkey && passkey.whose.user !== OWNER) throw linkUsed();
    const passwordHash = input.password === undefined ? undefined : await hashPassword(input.password);
    if (!(await consumeOwnerLink(buckets, link))) throw linkUsed();
    const before = await buckets.owners.get(ACCOUNT_KEY.owner);
    await buckets.owners.put(ACCOUNT_KEY.owner, {
      name: OWNER,
      ...(passwordHash ? { passwordHash } : {}),
      wallName: input.wallName ?? before?.value.wallName ?? DEFAULT_WALL_NAME,
      createdAt: before?.value.createdAt ?? new Date().toISOString(),
    });
    await removeFactors(hub, OWNER);
    if (passkey) await storePasskey(hub, { ...passkey.whose, ...passkey.made, name: FIRST_PASSKEY });
    await endSessions(hub, ({ user }) => user === OWNER);
    const signedIn = await signIn(hub, { user: OWNER, amr: ['link', passkey ? 'passkey' : 'password'] });
    if (!signedIn) throw linkUsed();
    return signedIn;
  },
);

export const linkUsed = () =>
  new ProblemError(
    'link-used',
    'This link was used already, or it is older than 15 minutes.',
    'Nothing has changed. Make a new one on the machine of the hub: npx scorewall owner-link',
  );
