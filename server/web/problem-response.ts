/** A refusal by the front itself, as problem+json or as one plain sentence for a person. */
import type { ServerResponse } from 'node:http';
import { ProblemError } from '#contracts/problem.ts';

export const ANCHOR_SILENT = new ProblemError(
  'unavailable',
  'The hub is not ready.',
  'Its API does not answer yet. Your devices keep running what they have. Try again in a few seconds.',
);
export const SIGN_IN = new ProblemError(
  'unauthenticated',
  'You are signed out.',
  'Your devices are not affected. Sign in at /login to go on.',
);
export const FOREIGN_ORIGIN = new ProblemError(
  'forbidden',
  'This request comes from another site.',
  'Nothing was opened, your devices are not affected. Open the wall at its own address.',
);

export const TOO_LARGE = new ProblemError(
  'too-large',
  'The request is too large.',
  'Nothing has changed. A manifest may have at most 256 KB.',
);

export function sendProblem(response: ServerResponse, problem: ProblemError, status = problem.toJSON().status): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify({ ...problem.toJSON(), status }));
}

export function sendText(response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${text}\n`);
}
