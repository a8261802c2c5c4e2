/** What log, terminal and screen sessions share: answers to requests, credit, and how a session ends. */
import * as z from 'zod';
import { isSessionId } from '../subjects.ts';

export const SessionId = z.string().refine(isSessionId, 'A session id is 16 to 32 hex digits.');

/** Bytes that may be under way to a viewer that has not said it drew them. */
export const WINDOW_BYTES = 256 * 1024;
/** A log or screen session ends after so long without a word of its viewer. */
export const SESSION_SILENCE_MS = 30_000;
/** A viewer with nothing to report says so this often. */
export const SESSION_KEEPALIVE_MS = 5_000;
export const LIMIT = {
  /** Log and screen sessions of one person on one device. */
  sessionsPerPerson: 16,
  /** Log and screen sessions on one device. */
  sessionsPerDevice: 64,
  /** Terminal sessions on one device. */
  terminalsPerDevice: 32,
} as const;

export const STREAM_ERROR_CODES = [
  'bad-request',
  'not-found',
  'too-many',
  'not-allowed',
  'not-running',
  'unreachable',
  'taken',
  'internal',
] as const;

export const StreamError = z.object({
  ok: z.literal(false),
  code: z.enum(STREAM_ERROR_CODES),
  message: z.string().describe('What happened and one next step, for people.'),
});
export type StreamError = z.infer<typeof StreamError>;

/** An answer of a device: the fields of `shape`, or an error in words. */
export const answer = <T extends z.ZodRawShape>(shape: T) =>
  z.discriminatedUnion('ok', [z.object({ ok: z.literal(true), ...shape }), StreamError]);

/**
 * What a viewer says on `.ctl` of a log or screen session, as JSON. A device that does not know the session (its agent was started
 * anew) answers on `.out` with a frame `closed`, reason `gone`, offset 0: the viewer then asks anew.
 */
export const StreamControl = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('credit'),
    offset: z.number().int().nonnegative().describe('Everything up to here is drawn. Also the keepalive.'),
  }),
  z.object({
    type: z.literal('resume'),
    offset: z.number().int().nonnegative().describe('After a lost connection: send again from here.'),
  }),
  z.object({ type: z.literal('close') }),
]);
export type StreamControl = z.infer<typeof StreamControl>;

export const StreamClosed = z.object({
  reason: z
    .enum(['ended', 'closed', 'silent', 'gone', 'overrun', 'failed', 'agent-stops'])
    .describe(
      '`ended`: nothing more comes (the program exited, the search is done). `closed`: the viewer asked. `silent`: 30 s without credit. `gone`: the source is gone. `overrun`: what the viewer wants sent again is no longer kept. `failed`: see the message.',
    ),
  message: z.string().describe('For people.'),
  exitCode: z.number().int().optional(),
});
export type StreamClosed = z.infer<typeof StreamClosed>;

export const StreamProgress = z.object({
  /** `history`: everything stored was sent, what follows is live. */
  phase: z.enum(['history', 'live', 'search', 'done']),
  scannedLines: z.number().int().nonnegative().optional(),
  matchedLines: z.number().int().nonnegative().optional(),
});
export type StreamProgress = z.infer<typeof StreamProgress>;

/** Carried by devices' answers that fail: thrown by handlers, turned into `StreamError` by the rpc server. */
export class StreamRefusal extends Error {
  override readonly name = 'StreamRefusal';
  readonly code: StreamError['code'];
  constructor(code: StreamError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
