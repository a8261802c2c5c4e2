/**
 * Screen sessions: RFB bytes of a service's desktop. Server to viewer in data frames; viewer to server on `.in` while it has
 * control (everything passes), else on `.ctl` behind one byte `CTL_RFB` (the device lets only requests for pictures through).
 */
import * as z from 'zod';
import { Name } from '../name.ts';
import { Uid } from '../uid.ts';
import { answer, SessionId } from './session.ts';

export const ScreenRequest = z.strictObject({ sid: SessionId, deployment: Name, service: Name });
export type ScreenRequest = z.infer<typeof ScreenRequest>;
export const ScreenAnswer = answer({ window: z.number().int() });
export type ScreenAnswer = z.infer<typeof ScreenAnswer>;

/** First byte of a message on `.ctl`: RFB bytes follow. JSON (`StreamControl`) begins with `{`. */
export const CTL_RFB = 0x01;

/** Frame `state` of a screen session. */
export const ScreenState = z.object({
  writer: z.object({ uid: Uid, name: Name }).optional(),
  asking: z.object({ uid: Uid, name: Name, untilMs: z.number() }).optional(),
  viewers: z.array(Name),
  recording: z.boolean(),
});
export type ScreenState = z.infer<typeof ScreenState>;
