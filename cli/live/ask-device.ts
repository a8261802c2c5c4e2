/** A request to a device, and its refusal as an error in words. */
import { NoRespondersError, RequestError, TimeoutError } from '@nats-io/nats-core';
import type * as z from 'zod';
import { displayName } from '#contracts/device.ts';
import { singleReply } from '#contracts/reply.ts';
import type { STREAM_ERROR_CODES } from '#contracts/stream/session.ts';
import { CliError, EXIT, type ExitCode } from '../exit-code.ts';
import type { Link } from './hub-link.ts';

type Code = (typeof STREAM_ERROR_CODES)[number];

/** What a device answered instead of what was asked. */
export class DeviceRefusal extends CliError {
  readonly code: Code | 'away';

  constructor(code: Code | 'away', fact: string, detail = '') {
    super(EXIT_OF[code] ?? EXIT.failed, fact, detail);
    this.code = code;
  }
}

const EXIT_OF: Partial<Record<Code | 'away', ExitCode>> = { 'not-found': EXIT.notFound, 'not-allowed': EXIT.denied };
/** The first terminal of a device starts a process there, for which a small or busy machine needs a while. */
const TIMEOUT_MS = 25_000;

export interface Question<T extends z.ZodType> {
  device: string;
  subject: string;
  body: unknown;
  answer: T;
}

type Granted<T extends z.ZodType> = Extract<z.output<T>, { ok: true }>;

export async function askDevice<T extends z.ZodType<{ ok: boolean }>>(
  { connection, uid }: Link,
  { device, subject, body, answer }: Question<T>,
): Promise<Granted<T>> {
  const reply = await connection
    .request(subject, JSON.stringify(body), singleReply(uid, TIMEOUT_MS))
    .catch((error: unknown) => Promise.reject(away(device, error)));
  const parsed = answer.safeParse(parseJson(reply.string()));
  if (!parsed.success)
    throw new DeviceRefusal(
      'internal',
      `${displayName(device)} answered in a form this command does not know.`,
      'Most likely its agent is of another version than this command. Update both to the same one.',
    );
  const found: { ok: boolean } = parsed.data;
  if (found.ok) return found as Granted<T>;
  const { code, message } = found as { ok: false; code: Code; message: string };
  throw new DeviceRefusal(code, message);
}

function away(device: string, error: unknown): unknown {
  const nobody = error instanceof NoRespondersError || (error instanceof RequestError && error.isNoResponders());
  const late = error instanceof TimeoutError || (error instanceof RequestError && error.cause instanceof TimeoutError);
  if (!nobody && !late)
    return new DeviceRefusal('away', 'The live connection to the hub was lost.', 'Devices keep running. Try again.');
  return new DeviceRefusal(
    'away',
    nobody ? `${displayName(device)} cannot be reached.` : `${displayName(device)} did not answer in time.`,
    'Its services keep running. Try again when it is back; see: npx scorewall status',
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
