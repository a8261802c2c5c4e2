/** Recordings of terminals and screens: spooled by the device, fetched by the hub, kept 30 days in the object store `RECORDINGS`. */
import * as z from 'zod';
import { Name } from './name.ts';
import { answer } from './stream/session.ts';
import { TerminalTarget } from './stream/terminal.ts';

export const RecordingId = z.string().regex(/^[0-9a-f]{24}$/);

export const Recording = z
  .object({
    id: RecordingId,
    device: Name,
    kind: z.enum(['terminal', 'screen']).describe('`terminal`: asciicast v3. `screen`: a time-lapse, see `ScreenLapseEntry`.'),
    target: z.union([TerminalTarget, z.object({ kind: z.literal('screen'), deployment: Name, service: Name })]),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime(),
    bytes: z.number().int().nonnegative(),
    people: z
      .array(z.object({ name: Name, from: z.iso.datetime(), to: z.iso.datetime() }))
      .describe('Who had control, and when.'),
    truncated: z.boolean().describe('It reached the limit of the device and stops there.'),
  })
  .meta({ id: 'Recording' });
export type Recording = z.infer<typeof Recording>;

export const RECORDING_DAYS = 30;

/** One picture of a screen recording: a line of JSON. */
export const ScreenLapseEntry = z.object({
  t: z.number().nonnegative().describe('Seconds from the start.'),
  jpeg: z.string().describe('Base64.'),
});

/** `device.<dev>.rpc.recording.<uid>`, from the hub only. */
export const RecordingRequest = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('list') }),
  z.strictObject({ op: z.literal('read'), id: RecordingId, offset: z.number().int().nonnegative() }),
  z.strictObject({ op: z.literal('delete'), id: RecordingId }).describe('After the hub has stored it.'),
]);
export type RecordingRequest = z.infer<typeof RecordingRequest>;
export const RecordingListAnswer = answer({ recordings: z.array(Recording).describe('Ended ones that wait to be fetched.') });
export const RecordingReadAnswer = answer({ data: z.string().describe('Base64, at most 384 KiB decoded.'), end: z.boolean() });
export const RECORDING_PART_BYTES = 384 * 1024;
