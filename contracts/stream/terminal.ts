/** Terminal sessions: opened with the right to drive, watched with the right to watch, living on the device until they end. */
import * as z from 'zod';
import { Name } from '../name.ts';
import { Uid } from '../uid.ts';
import { answer, SessionId } from './session.ts';

export const TerminalTarget = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('host') }).describe("A login shell of the agent's user."),
  z.object({
    kind: z.literal('exec'),
    deployment: Name,
    service: Name,
    command: z
      .array(z.string().max(4_096))
      .min(1)
      .max(64)
      .optional()
      .describe('Absent: the first of bash, ash and sh that is there.'),
  }),
  z
    .object({ kind: z.literal('attach'), deployment: Name, service: Name })
    .describe("The service's own terminal, where it declares `screen: {kind: terminal}`. One session for everybody."),
]);
export type TerminalTarget = z.infer<typeof TerminalTarget>;

const Columns = z.number().int().min(2).max(500);
const Rows = z.number().int().min(1).max(200);

/** Frame `state`, and part of every attach and list. */
export const TerminalState = z.object({
  sid: SessionId,
  target: TerminalTarget,
  startedAt: z.iso.datetime(),
  cols: Columns,
  rows: Rows,
  /** Who types; nobody else's input is taken. */
  writer: z.object({ uid: Uid, name: Name }).optional(),
  asking: z
    .object({ uid: Uid, name: Name, untilMs: z.number().describe('Milliseconds from now after which control passes.') })
    .optional()
    .describe('Somebody wants to type. The writer may give or keep; silence gives.'),
  viewers: z.array(Name).describe('People attached, each once.'),
  recording: z.boolean(),
  startedTypingAt: z.iso.datetime().optional().describe('When the recording began.'),
  title: z.string().max(200).optional().describe('What the program calls itself. Untrusted: shown as "device says".'),
  ended: z.object({ exitCode: z.number().int().optional(), at: z.iso.datetime() }).optional(),
});
export type TerminalState = z.infer<typeof TerminalState>;

/** `device.<dev>.rpc.term.<uid>` (right: watch). */
export const TermRequest = z.strictObject({ op: z.literal('list') });
export const TermAnswer = answer({ sessions: z.array(TerminalState) });
export type TermAnswer = z.infer<typeof TermAnswer>;

/** `device.<dev>.rpc.exec.<uid>` (right: drive). */
export const ExecRequest = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('open'),
    target: TerminalTarget,
    cols: Columns,
    rows: Rows,
  }),
  z.strictObject({
    op: z.literal('control'),
    sid: SessionId,
    action: z
      .enum(['take', 'give', 'keep', 'release'])
      .describe('`take`: at once where nobody types, else asks; passes after 5 s unless the writer keeps it.'),
  }),
  z.strictObject({ op: z.literal('end'), sid: SessionId }),
  z.strictObject({
    op: z.literal('screen-control'),
    sid: SessionId.describe("The viewer's own screen session."),
    action: z.enum(['take', 'keep', 'give', 'release']),
  }),
]);
export type ExecRequest = z.infer<typeof ExecRequest>;
export const ExecAnswer = answer({ sid: SessionId, state: TerminalState.optional() });
export type ExecAnswer = z.infer<typeof ExecAnswer>;

/** `term.<dev>.<sid>.rpc.<uid>` (right: watch, or a guest's link to this one session). */
export const TerminalRequest = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('attach'),
    have: z
      .number()
      .int()
      .nonnegative()
      .optional()
      .describe('Data offset already drawn: the answer brings what is missing if it is still kept.'),
  }),
  z.strictObject({ op: z.literal('part'), snapshotId: z.string(), index: z.number().int().nonnegative() }),
  z.strictObject({ op: z.literal('resize'), cols: Columns, rows: Rows }).describe('Taken from the writer only.'),
  z.strictObject({ op: z.literal('detach') }),
  z.strictObject({ op: z.literal('text'), lines: z.number().int().min(1).max(2_000) }).describe('The last lines as plain text.'),
]);
export type TerminalRequest = z.infer<typeof TerminalRequest>;

export const AttachAnswer = answer({
  state: TerminalState,
  off: z
    .number()
    .int()
    .nonnegative()
    .describe('Data offset of what follows in this answer; frames that end at or before it are dropped.'),
  resumed: z
    .boolean()
    .describe('True: `data` continues what the viewer has. False: `data` is a snapshot for an empty terminal of this size.'),
  data: z.string().describe('Base64. First part where there are several.'),
  snapshotId: z.string().optional(),
  parts: z.number().int().min(1).max(128).describe('Further parts are asked for by index, 1 and up.'),
});
export type AttachAnswer = z.infer<typeof AttachAnswer>;
export const PartAnswer = answer({ data: z.string() });
export const TextAnswer = answer({ text: z.string() });
export type TextAnswer = z.infer<typeof TextAnswer>;
export const DoneAnswer = answer({});

/** An attached viewer sends an acknowledgement at least this often, also where nothing came. */
export const TERMINAL_ACK_EVERY_MS = 2_000;
export const CONTROL_PASSES_AFTER_MS = 5_000;
/** Decoded bytes of one snapshot part. */
export const SNAPSHOT_PART_BYTES = 384 * 1024;
