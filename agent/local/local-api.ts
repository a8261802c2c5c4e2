/** What a program may ask of the device over its local socket: each path with its body, its limit and its words. */
import { displayName } from '#contracts/device.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import { AskBody, CallBody, PublishBody, SayBody, StepBody } from '#contracts/work.ts';
import type { Bus } from './bus.ts';
import type { Answered, Speaker, WorkBook } from './work-book.ts';

export interface LocalContext {
  device: string;
  book: WorkBook;
  bus: Bus;
  onEvent(event: Omit<DeviceEvent, 'device' | 'at'>): void;
}

export interface LocalCall {
  by: Speaker;
  /** JSON of the body, or `{text}` of a plain one. */
  body: unknown;
  /** The program hung up. */
  signal: AbortSignal;
}

/** The hub, and with it the bus, is out of reach. */
export class BusAwayError extends Error {
  override readonly name = 'BusAwayError';
}

/** Resolves with what is answered as JSON; undefined: 204. Throws `ZodError` for a bad body. */
export type LocalVerb = (call: LocalCall, context: LocalContext) => Promise<unknown> | unknown;

export const LOCAL_VERBS: Readonly<Record<string, LocalVerb>> = {
  say({ by, body }, { book }) {
    book.say(by, SayBody.parse(body).text.trim());
  },
  step({ body }, { book }) {
    const { text, state } = StepBody.parse(body);
    book.step(text, state);
  },
  'steps/clear'(_, { book }) {
    book.clearSteps();
  },
  async ask({ by, body, signal }, { book, device, onEvent }): Promise<Answered> {
    const { question, options, timeoutSeconds } = AskBody.parse(body);
    const until = AbortSignal.any([signal, AbortSignal.timeout(timeoutSeconds * 1_000)]);
    const answering = book.ask(by, question, options, until);
    onEvent({ kind: 'asked', ...by, message: `${displayName(device)} asks: ${question}` });
    return await answering;
  },
  call({ by, body }, { bus, device, onEvent }) {
    const { to, text } = CallBody.parse(body);
    if (!bus.publish(`call.${to}`, text))
      throw new BusAwayError('The hub cannot be reached, so nobody was called. Try again later.');
    onEvent({ kind: 'call', ...by, to, message: `${displayName(device)} called ${displayName(to)}: ${text}` });
  },
  publish({ body }, { bus }) {
    const { topic, data } = PublishBody.parse(body);
    if (!bus.publish(topic, data))
      throw new BusAwayError('The hub cannot be reached, so the message was not sent. Try again later.');
  },
};

export const LOCAL_HELP = `POST /say           text                     the caption of this device's tile
POST /step          text, or {"text","state"}  a step of the work; state: doing, done, failed
POST /steps/clear                            forget the steps
POST /ask           {"question","options"}   waits for a person: {"answer","by"}
POST /call          {"to","text"}            tells another device (topic call.<its name>)
POST /publish       {"topic","data"}         to every device that listens
GET  /subscribe?topic=person_detected        one line of JSON for each message: {"topic","from","data"}
`;
