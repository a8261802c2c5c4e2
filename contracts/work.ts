/** What a program on a device says about its work, over the device's local socket: caption, steps, questions. Part of the report. */
import * as z from 'zod';
import { Name } from './name.ts';
import { answer } from './stream/session.ts';

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
export const AnswerAnswer = answer({});

/** A topic of the bus: `person_detected`, `camera.front`. */
export const Topic = z
  .string()
  .regex(
    /^[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64}){0,7}$/,
    'A topic is words of letters, digits, - and _ with dots between.',
  );
