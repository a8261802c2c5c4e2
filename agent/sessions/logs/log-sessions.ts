/** All log sessions of this device: opened by request, steered on `.ctl`. */
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { encodeFrame, FRAME_KIND } from '#contracts/stream/frame.ts';
import { LogRequest, type LogSource } from '#contracts/stream/log.ts';
import { type StreamClosed, StreamControl, StreamRefusal, WINDOW_BYTES } from '#contracts/stream/session.ts';
import { isSessionId, subjects } from '#contracts/subjects.ts';
import { isUid } from '#contracts/uid.ts';
import type { Logger } from '../../log.ts';
import type { LinkUser } from '../../nats-link.ts';
import type { Caller, RpcHandler } from '../rpc-server.ts';
import type { SessionLimits } from '../session-limits.ts';
import { logKey } from './log-line.ts';
import { LogSession } from './log-session.ts';
import type { LogStore } from './log-store.ts';

export interface LogSessionsOptions {
  device: string;
  store: LogStore;
  limits: SessionLimits;
  /** Whether there is such a service, though it may have written nothing yet. */
  isKnown(source: LogSource): boolean;
  silenceMs?: number | undefined;
  log: Logger;
}

/** Ends that are told again to viewers that did not hear them. */
const MOST_ENDS = 128;

export class LogSessions implements LinkUser {
  readonly #options: LogSessionsOptions;
  readonly #sessions = new Map<string, LogSession>();
  readonly #ends = new Map<string, StreamClosed>();
  #connection: NatsConnection | undefined;
  #subscription: Subscription | undefined;

  constructor(options: LogSessionsOptions) {
    this.#options = options;
  }

  attach(connection: NatsConnection): void {
    this.detach();
    this.#connection = connection;
    this.#subscription = connection.subscribe(subjects.log.ctlOf(this.#options.device), {
      callback: (error, message) => {
        if (!error) this.#hear(message);
      },
    });
  }

  /** Sessions stay: a viewer that comes back in time goes on where it was. */
  detach(): void {
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#connection = undefined;
  }

  /** The verb `log`. */
  open: RpcHandler = async (caller, body) => {
    const request = LogRequest.parse(body);
    const key = `${caller.uid}.${request.sid}`;
    // The answer to an earlier request may have been lost.
    const session = this.#sessions.get(key) ?? this.#begin(key, caller, request);
    const oldest = session.oldestMs;
    return { window: WINDOW_BYTES, ...(oldest === undefined ? {} : { oldest: new Date(oldest).toISOString() }) };
  };

  /** The agent ends. */
  close(): void {
    for (const session of [...this.#sessions.values()])
      session.close({ reason: 'agent-stops', message: 'The agent of this device stops. It is tried again.' });
  }

  #begin(key: string, { uid, person }: Caller, request: LogRequest): LogSession {
    const { device, store, limits, silenceMs } = this.#options;
    this.#checkSources(request.sources);
    const subject = subjects.log.out(device, uid, request.sid);
    const leave = limits.admit(person);
    let session: LogSession;
    try {
      session = new LogSession({
        request,
        store,
        silenceMs,
        publish: (message) => this.#publish(subject, message),
        onClose: (closed) => {
          leave();
          this.#sessions.delete(key);
          this.#keepEnd(key, closed);
        },
      });
    } catch (error) {
      leave();
      throw error;
    }
    this.#ends.delete(key);
    this.#sessions.set(key, session);
    // The answer goes first.
    setImmediate(() => void session.run());
    return session;
  }

  #checkSources(sources: readonly LogSource[] | undefined): void {
    const { store, isKnown } = this.#options;
    const unknown = sources?.filter((source) => !store.of(logKey(source)) && !isKnown(source));
    const [first] = unknown ?? [];
    if (!first || unknown?.length !== sources?.length) return;
    throw new StreamRefusal(
      'not-found',
      `There is no service ${first.service} of ${first.deployment} on this device, and no line of one is kept. Is it deployed here?`,
    );
  }

  #hear({ subject, data }: Msg): void {
    const [, , uid = '', sid = ''] = subject.split('.');
    const control = parseControl(data);
    if (!control || !isUid(uid) || !isSessionId(sid)) return;
    const key = `${uid}.${sid}`;
    const session = this.#sessions.get(key);
    if (session) session.hear(control);
    else if (control.type !== 'close') this.#tellEnd(key, uid, sid);
  }

  #tellEnd(key: string, uid: string, sid: string): void {
    const gone: StreamClosed = { reason: 'gone', message: 'The device does not know this session any more. Open it again.' };
    const payload = new TextEncoder().encode(JSON.stringify(this.#ends.get(key) ?? gone));
    const frame = encodeFrame({ kind: FRAME_KIND.closed, endOffset: 0, payload });
    this.#publish(subjects.log.out(this.#options.device, uid, sid), frame);
  }

  #keepEnd(key: string, closed: StreamClosed): void {
    this.#ends.set(key, closed);
    const [oldest] = this.#ends.keys();
    if (this.#ends.size > MOST_ENDS && oldest !== undefined) this.#ends.delete(oldest);
  }

  #publish(subject: string, message: Uint8Array): boolean {
    const connection = this.#connection;
    if (!connection || connection.isClosed()) return false;
    try {
      connection.publish(subject, message);
      return true;
    } catch (error) {
      this.#options.log.warn({ error }, 'A part of a log could not be sent.');
      return false;
    }
  }
}

function parseControl(data: Uint8Array): StreamControl | undefined {
  try {
    return StreamControl.safeParse(JSON.parse(new TextDecoder().decode(data))).data;
  } catch {
    return undefined;
  }
}
