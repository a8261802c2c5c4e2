/** Every error of the API as problem+json: known ones in their own words, all others without their details. */
import { JetStreamApiError, JetStreamError } from '@nats-io/jetstream';
import { errors } from '@nats-io/nats-core';
import { HTTPException } from 'hono/http-exception';
import { ProblemError } from '#contracts/problem.ts';
import { TooManyAttempts } from '../auth/too-many-attempts.ts';
import { StorageSilent } from '../kv/follow-stream.ts';

export function toProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof HTTPException) return fromHttp(error);
  if (isStorageSilent(error))
    return new ProblemError(
      'unavailable',
      'The message bus is not answering.',
      'Devices keep working. What you just asked for may or may not have been saved: look again in a few seconds.',
      { cause: error },
    );
  return new ProblemError(
    'internal',
    'Something went wrong in the hub.',
    'Devices keep running what they have. Try again; if it stays, the log of the anchor says more.',
    { cause: error },
  );
}

export function toResponse(problem: ProblemError): Response {
  const body = problem.toJSON();
  const response = new Response(JSON.stringify(body), {
    status: body.status,
    headers: { 'Content-Type': 'application/problem+json' },
  });
  // Its body was not read to the end, so nothing else may follow on this connection.
  if (problem.code === 'too-large') response.headers.set('Connection', 'close');
  if (problem instanceof TooManyAttempts) response.headers.set('Retry-After', String(problem.retryAfterSeconds));
  return response;
}

function fromHttp(error: HTTPException): ProblemError {
  switch (error.status) {
    case 413:
      return tooLarge();
    case 415:
      return unsupportedType();
    default:
      return new ProblemError(
        'bad-request',
        'The request cannot be read.',
        'Nothing has changed. Its body must be JSON, or YAML for a manifest.',
        { cause: error },
      );
  }
}

export const tooLarge = () =>
  new ProblemError('too-large', 'The request is too large.', 'Nothing has changed. A manifest may have at most 256 KB.');

export const unsupportedType = () =>
  new ProblemError(
    'unsupported-media-type',
    'The request has a Content-Type that is not accepted here.',
    'Nothing has changed. Send application/json, or application/yaml for a manifest.',
  );

const SILENT = [
  errors.TimeoutError,
  errors.NoRespondersError,
  errors.RequestError,
  errors.ConnectionError,
  errors.ClosedConnectionError,
  errors.DrainingConnectionError,
  StorageSilent,
];

const isStorageSilent = (error: unknown): boolean =>
  SILENT.some((kind) => error instanceof kind) ||
  // What the client makes of an answer that nobody gave; the class is not exported.
  (error instanceof Error && error.name === 'JetStreamNotEnabled') ||
  (error instanceof JetStreamError && /timeout|unavailable/i.test(error.message)) ||
  (error instanceof JetStreamApiError && error.status === 503);
