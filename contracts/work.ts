/** What a program on a device says about its work, over the device's local socket: caption, steps, questions. Part of the report. */
import * as z from 'zod';
import { Name } from './name.ts';
import { isTopic } from './subjects.ts';

/** Which service spoke; absent for a program on the host. */
const Speaker = z.object({ deployment: Name, service: Name }).optional();

export const Ask = z.object({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  question: z.string().min(1).max(500),
  options: z.array(z.string().min(1).max(80)).min(1).max(8),
  at: z.iso.datetime(),
  by: Speaker,
});
export type Ask = z.infer<typeof Ask>;

export const Step = z.object({
  text: z.string().min(1).max(200),
  state: z.enum(['doing', 'done', 'failed']),
  at: z.iso.datetime(),
});
export type Step = z.infer<typeof Step>;

export const Work = z
  .object({
    caption: z.object({ text: z.string().min(1).max(200), at: z.iso.datetime(), by: Speaker }).optional(),
    steps: z.array(Step).max(20).describe('Oldest first.'),
    asks: z.array(Ask).max(8).describe('Open questions: the tile raises its hand.'),
  })
  .meta({ id: 'Work' });
export type Work = z.infer<typeof Work>;

/** `device.<dev>.rpc.answer.<uid>` (right: drive). */
export const AnswerRequest = z.strictObject({ id: Ask.shape.id, option: z.string().min(1).max(80) });

/** A topic of the bus: `person_detected`, `camera.front`. */
export const Topic = z.string().refine(isTopic, 'A topic is words of letters, digits, - and _ with dots between.');

/** Bodies of the device's local socket (HTTP over `/run/scorewall/agent.sock`): JSON, or plain text where one string is enough. */
export const SayBody = z.strictObject({ text: z.string().max(200).describe('Empty takes the caption away.') });
export const StepBody = z
  .strictObject({
    text: Step.shape.text.optional().describe('Absent: the step under way ends with `state`.'),
    state: Step.shape.state.default('doing'),
  })
  .refine(({ text, state }) => text !== undefined || state !== 'doing', 'Say what the step is, or how it ended.');
export const AskBody = z.strictObject({
  question: Ask.shape.question,
  options: Ask.shape.options.default(['yes', 'no']),
  timeoutSeconds: z.number().int().min(1).max(86_400).default(3_600),
});
export const AskReply = z.object({ answer: z.string(), by: z.string().describe('Who answered.') });
export const CallBody = z.strictObject({ to: Name, text: z.string().min(1).max(500) });
export const PublishBody = z.strictObject({ topic: Topic, data: z.string().max(64 * 1024) });
/** A line of `GET /subscribe?topic=`. */
export const BusLine = z.object({ topic: Topic, from: Name, data: z.string() });
