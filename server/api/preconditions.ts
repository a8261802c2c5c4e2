/** Reads `If-Match` and `If-None-Match`: which revision somebody saw before they changed something. Pure. */
import { ProblemError } from '#contracts/problem.ts';

export const etag = (revision: number): string => `"${revision}"`;

/** 0: it must not exist yet. */
export function expectedRevision(ifMatch: string | undefined, ifNoneMatch: string | undefined): number {
  if (ifMatch !== undefined) return parse(ifMatch);
  if (ifNoneMatch?.trim() === '*') return 0;
  throw new ProblemError(
    'precondition-required',
    'The request does not say which revision it changes.',
    'Nothing has changed. Send If-Match with the ETag you read, or If-None-Match: * for something new.',
  );
}

export function parse(ifMatch: string): number {
  const revision = /^\s*(?:W\/)?"?([1-9]\d{0,15})"?\s*$/.exec(ifMatch)?.[1];
  if (revision) return Number(revision);
  throw new ProblemError(
    'bad-request',
    `If-Match is ${JSON.stringify(ifMatch.slice(0, 40))}, which is no revision.`,
    'Nothing has changed. Send the ETag of the answer you read, for example "42".',
  );
}
