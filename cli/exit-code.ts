/** What the command line says to scripts: one number for each kind of outcome, and the error that carries it. */
export const EXIT = { ok: 0, failed: 1, usage: 2, unreachable: 3, notFound: 4, conflict: 5, invalid: 6, denied: 7 } as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export const EXIT_HELP = `Exit codes:
  0  done
  1  it did not come out: a service failed, a check found trouble, --wait ran out
  2  the command was written wrongly
  3  no hub answers
  4  there is no such device or deployment
  5  somebody else changed it first
  6  the manifest was refused
  7  the token is missing or has not the right`;

/** Fact, effect, next step: shown as they are, without a stack. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly exitCode: ExitCode;
  readonly detail: string;

  constructor(exitCode: ExitCode, fact: string, detail = '', cause?: unknown) {
    super(fact, { cause });
    this.exitCode = exitCode;
    this.detail = detail;
  }
}
