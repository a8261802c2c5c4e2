/** Turns a refusal of the hub into an error of the command line: its words, the places in the document, and an exit code. */
import { formatPath } from '#contracts/issue.ts';
import { Problem, type ProblemCode } from '#contracts/problem.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import type { HttpReply } from './http.ts';

const EXIT_OF: Record<ProblemCode, ExitCode> = {
  'bad-request': EXIT.invalid,
  'code-needed': EXIT.denied,
  unauthenticated: EXIT.denied,
  forbidden: EXIT.denied,
  'step-up-needed': EXIT.denied,
  'not-found': EXIT.notFound,
  conflict: EXIT.conflict,
  'method-not-allowed': EXIT.failed,
  'link-used': EXIT.failed,
  'precondition-failed': EXIT.conflict,
  'too-large': EXIT.invalid,
  'unsupported-media-type': EXIT.failed,
  invalid: EXIT.invalid,
  'precondition-required': EXIT.conflict,
  'too-many-attempts': EXIT.denied,
  internal: EXIT.failed,
  unavailable: EXIT.unreachable,
};

export function problemError(reply: HttpReply, tokenSource: string): CliError {
  const problem = readProblem(reply.text);
  if (reply.status === 401)
    return new CliError(
      EXIT.denied,
      'The hub does not accept this token.',
      `It was read from ${tokenSource}. A token is good until the next start of the hub: start it again, or use the newest one.`,
    );
  if (!problem)
    return new CliError(
      EXIT.failed,
      `The hub answered ${reply.status} without an explanation.`,
      'Look at its logs in HOME/run, or run: npx scorewall doctor.',
    );
  const places = (problem.issues ?? []).map((issue) => `  ${formatPath(issue.path) || 'the document'}: ${issue.message}`);
  return new CliError(EXIT_OF[problem.code], problem.title, [...places, problem.detail].join('\n'), problem);
}

function readProblem(text: string): Problem | undefined {
  try {
    return Problem.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
