/** Said to a source that guesses: how long it has to wait. */
import { ProblemError } from '#contracts/problem.ts';

export class TooManyAttempts extends ProblemError {
  readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number) {
    super(
      'too-many-attempts',
      'There were too many wrong passwords or links from your address.',
      `Devices are not affected. Try again in ${retryAfterSeconds} s.`,
    );
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
