/** The browser's own line to the devices: requests, subscriptions and publishing over the link that stands now. */
import type { Msg, NatsConnection } from '@nats-io/nats-core';
import { singleReply } from '#contracts/reply.ts';
import type { StreamError } from '#contracts/stream/session.ts';
import { type RpcVerb, subjects } from '#contracts/subjects.ts';

const REQUEST_TIMEOUT_MS = 8_000;
/** The first terminal of a device starts a process there, for which a small or busy machine needs a while. */
export const OPEN_TIMEOUT_MS = 25_000;

/** Changes with every new link; the `uid` stays the same as long as the page lives. */
export interface LiveLink {
  uid: string;
  /** Grows by one with each link: what was subscribed on an older one is to be subscribed again. */
  epoch: number;
  connection: NatsConnection;
  /**
   * Present on a line that only watches until the person shows again that it is them: leads to one that drives, or to none.
   * `asked`: they want it now; without it nobody is asked twice in a row.
   */
  prove?: (asked: boolean) => Promise<LiveLink | undefined>;
}

export type Answer<T> = ({ ok: true } & T) | StreamError;

/** Asks a device. Never rejects: silence and a lost link are answers in words too. */
export async function askDevice<T>(
  link: LiveLink | undefined,
  device: string,
  verb: RpcVerb,
  body: unknown,
  timeoutMs = REQUEST_TIMEOUT_MS,
): Promise<Answer<T>> {
  if (!link) return NO_LINK;
  const able = DRIVES.has(verb) ? await drivingLink(link) : link;
  return able ? ask<T>(able, subjects.rpc(device, verb, able.uid), body, timeoutMs) : NOT_PROVEN;
}

/** The line to drive with; undefined where the person would not show that it is them. */
export const drivingLink = (link: LiveLink): Promise<LiveLink | undefined> =>
  link.prove ? link.prove(true) : Promise.resolve(link);

/** Asks a terminal session on a device. */
export const askTerminal = <T>(link: LiveLink | undefined, device: string, sid: string, body: unknown): Promise<Answer<T>> =>
  link ? ask<T>(link, subjects.term.rpc(device, sid, link.uid), body) : Promise.resolve(NO_LINK);

const DRIVES: ReadonlySet<RpcVerb> = new Set<RpcVerb>(['exec', 'answer']);

const NOT_PROVEN: StreamError = {
  ok: false,
  code: 'not-allowed',
  message: 'Nothing was sent: to type on devices, show once more that it is you.',
};

const NO_LINK: StreamError = {
  ok: false,
  code: 'unreachable',
  message: 'There is no connection to the hub, so nothing was sent. It is tried again by itself.',
};

async function ask<T>(
  { connection, uid }: LiveLink,
  subject: string,
  body: unknown,
  timeoutMs = REQUEST_TIMEOUT_MS,
): Promise<Answer<T>> {
  try {
    const message: Msg = await connection.request(subject, JSON.stringify(body), singleReply(uid, timeoutMs));
    return message.json<Answer<T>>();
  } catch (error) {
    const { name } = error as Error;
    const message =
      name === 'NoRespondersError' || (error as { isNoResponders?: () => boolean }).isNoResponders?.()
        ? 'The device is not connected, so it could not be asked. Its services keep running as far as we know.'
        : 'The device did not answer in time. Its services are not affected. Try again.';
    return { ok: false, code: 'unreachable', message };
  }
}
