/** What links and codes for strangers share: an address with a secret in its fragment, and patience with who guesses. */
import { ProblemError } from '#contracts/problem.ts';
import { TooManyAttempts } from '../auth/too-many-attempts.ts';
import type { Hub } from '../hub.ts';

/** The secret is in the fragment, which no server ever sees. */
export const linkTo = (baseUrl: string, page: string, secret: string): string =>
  `${baseUrl.replace(/\/+$/, '')}/${page}#${secret}`;

/** Nobody guesses a link; but each refusal is audited, and a stranger must not fill the disk with them. */
export function refuseGuess({ throttle }: Pick<Hub, 'throttle'>, source: string, refusal: ProblemError): ProblemError {
  const waitMs = throttle.begin(source, Date.now());
  return waitMs > 0 ? new TooManyAttempts(Math.ceil(waitMs / 1000)) : refusal;
}

export const isPast = (iso: string): boolean => Date.parse(iso) <= Date.now();

/** Every list of the hub has an end. */
export function checkBound(count: number, most: number, what: string): void {
  if (count >= most)
    throw new ProblemError(
      'conflict',
      `There are ${count} ${what} already, which is the most there may be.`,
      'Nothing has changed. Remove one that is not needed any more.',
    );
}
