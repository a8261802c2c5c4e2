/** Answers requests to this device: who asks is read from the subject, which NATS holds them to. */
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import * as z from 'zod';
import { type StreamError, StreamRefusal } from '#contracts/stream/session.ts';
import { RPC_VERBS, type RpcVerb, subjects } from '#contracts/subjects.ts';
import { isUid, personOf } from '#contracts/uid.ts';
import type { Logger } from '../log.ts';
import type { LinkUser } from '../nats-link.ts';

export interface Caller {
  uid: string;
  person: string;
}

/** Gets the parsed JSON, unchecked; returns the fields of the answer. Throws `StreamRefusal` to refuse, `ZodError` for a bad body. */
export type RpcHandler = (caller: Caller, body: unknown) => Promise<Record<string, unknown>>;
export type RpcHandlers = Partial<Record<RpcVerb, RpcHandler>>;

export class RpcServer implements LinkUser {
  #device: string;
  #log: Logger;
  #handlers: RpcHandlers;
  #subscription: Subscription | undefined;

  constructor(device: string, handlers: RpcHandlers, log: Logger) {
    this.#device = device;
    this.#handlers = handlers;
    this.#log = log;
  }

  attach(connection: NatsConnection): void {
    this.#subscription = connection.subscribe(subjects.rpcOf(this.#device), {
      callback: (error, message) => {
        if (!error) void this.#answer(message);
      },
    });
  }

  detach(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
  }

  async #answer(message: Msg): Promise<void> {
    const [, , , verb, uid] = message.subject.split('.');
    const known = RPC_VERBS.find((one) => one === verb);
    await answerRequest(message, uid, known && this.#handlers[known], this.#log);
  }
}

/** For `device.*.rpc.*.<uid>` and `term.*.*.rpc.<uid>` alike. A reply that is not the caller's own inbox gets no answer. */
export async function answerRequest(
  message: Msg,
  uid: string | undefined,
  handler: RpcHandler | undefined,
  log: Logger,
): Promise<void> {
  if (!uid || !isUid(uid) || !message.reply?.startsWith(`${subjects.inbox(uid)}.`)) return;
  let reply: Record<string, unknown>;
  try {
    if (!handler)
      throw new StreamRefusal('bad-request', 'This device does not know that request. Is its agent older than the hub?');
    reply = { ok: true, ...(await handler({ uid, person: personOf(uid) }, JSON.parse(message.string()))) };
  } catch (error) {
    reply = toStreamError(error);
    if (reply.code === 'internal') log.error({ error: (error as Error).stack, subject: message.subject }, 'A request failed.');
  }
  message.respond(JSON.stringify(reply));
}

function toStreamError(error: unknown): StreamError {
  if (error instanceof StreamRefusal) return { ok: false, code: error.code, message: error.message };
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return { ok: false, code: 'bad-request', message: 'The device did not understand the request. Reload the page.' };
  return { ok: false, code: 'internal', message: `Something failed on the device: ${(error as Error).message}. Try again.` };
}
