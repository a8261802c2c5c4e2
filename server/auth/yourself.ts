/** Who changes their own ways in: a person with a session, who showed not long ago that it is them. */
import { ProblemError } from '#contracts/problem.ts';
import type { Hub } from '../hub.ts';
import type { Whose } from './factors.ts';
import { type Account, findAccount } from './find-account.ts';
import type { Identity } from './identify.ts';

export interface Yourself {
  who: Whose;
  key: string;
  /** Showed who they are a short while ago. */
  proven: boolean;
}

export function yourself({ actor, key, session }: Identity): Yourself {
  if (actor.kind !== 'person' || !session)
    throw new ProblemError(
      'forbidden',
      'Only a person who is signed in has ways to sign in.',
      'Nothing has changed. Open the page You in a browser.',
    );
  return { who: { user: actor.user, ...(actor.id ? { id: actor.id } : {}) }, key, proven: actor.proven };
}

/** A session that was left open must not be enough to add a key of somebody else's. */
export function checkFresh({ proven }: Yourself): void {
  if (proven) return;
  throw new ProblemError(
    'step-up-needed',
    'Show once more that it is you.',
    'Nothing has changed. Ways to sign in are changed by who showed it a moment ago; then it goes on.',
  );
}

/** Whoever comes from a provider is let in by the provider alone: a key of their own would outlive their account there. */
export async function ownAccount({ buckets }: Pick<Hub, 'buckets'>, { who }: Yourself): Promise<Account> {
  const account = await findAccount(buckets, who.user);
  if (!account || account.id !== who.id)
    throw new ProblemError('unauthenticated', 'You are not here any more.', 'Sign in again.');
  if (account.oidc)
    throw new ProblemError(
      'conflict',
      'You sign in with the account of a provider, and only so.',
      'Nothing has changed. Passwords, passkeys and codes are changed at the provider.',
    );
  return account;
}
