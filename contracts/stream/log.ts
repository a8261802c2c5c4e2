/** Log sessions: what a viewer asks a device for, and the records it gets. Chunks of data are whole lines of JSON, one record each. */
import * as z from 'zod';
import { Name } from '../name.ts';
import { answer, SessionId } from './session.ts';

export const LogSource = z.object({ deployment: Name, service: Name });
export type LogSource = z.infer<typeof LogSource>;

export const LogRequest = z.strictObject({
  sid: SessionId.describe('Made by the viewer, who subscribes to the session before asking for it.'),
  sources: z.array(LogSource).max(64).optional().describe('Absent: every service of the device, merged by time.'),
  tail: z
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(1_000)
    .describe('Lines of history before the live ones; with `since` at most so many.'),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional().describe('Then nothing is followed.'),
  around: z.number().int().nonnegative().optional().describe('Line number of a link: history is centred on it.'),
  follow: z.boolean().default(true),
  search: z
    .object({
      pattern: z.string().min(1).max(500),
      regex: z.boolean().default(false),
      caseSensitive: z.boolean().default(false),
    })
    .optional()
    .describe('Only records whose text (without colour codes) matches; history is searched whole, newest `tail` matches win.'),
});
export type LogRequest = z.infer<typeof LogRequest>;

export const LogAnswer = answer({
  window: z.number().int().describe('Bytes that may be under way.'),
  oldest: z.iso.datetime().optional().describe('Time of the oldest line still stored for these sources.'),
});
export type LogAnswer = z.infer<typeof LogAnswer>;

/** Names are short because there are millions of them. */
export const LogRecord = z.discriminatedUnion('o', [
  z.object({
    o: z.enum(['out', 'err']).describe('Written to stdout or stderr.'),
    n: z.number().int().describe("The line's number on this device: grows, is never given twice, makes the link to a line."),
    t: z.number().describe('Milliseconds since 1970, by the device.'),
    d: Name.describe('Deployment.'),
    s: Name.describe('Service.'),
    x: z.string().describe('The line, with its escape sequences, without its newline; at most 16 KiB.'),
    cut: z.boolean().optional().describe('The line was longer.'),
  }),
  z.object({
    o: z.literal('gap').describe('Lines that are not here, and why.'),
    n: z.number().int(),
    t: z.number(),
    d: Name.optional(),
    s: Name.optional(),
    lines: z.number().int().nonnegative().describe('How many, or at least how many.'),
    bytes: z.number().int().nonnegative(),
    why: z
      .enum(['flood', 'slow-viewer', 'not-kept'])
      .describe(
        '`flood`: the service writes faster than the device keeps. `slow-viewer`: this viewer did not keep up. `not-kept`: it rolled out of the store, or was written while nobody could read it.',
      ),
  }),
  z.object({
    o: z.literal('event').describe('Something that happened to the service, drawn between its lines.'),
    n: z.number().int(),
    t: z.number(),
    d: Name.optional(),
    s: Name.optional(),
    x: z.string(),
  }),
]);
export type LogRecord = z.infer<typeof LogRecord>;

export const LONGEST_LINE_BYTES = 16 * 1024;
