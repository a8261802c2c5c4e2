/**
 * One log or screen session as a page sees it: subscribes, asks the device, reads, gives credit for what was consumed, moves over to
 * each new link, and asks anew after the device or the session was gone. Says in words where it stands.
 */
import type { Subscription } from '@nats-io/nats-core';
import { decodeFrame } from '#contracts/stream/frame.ts';
import { type StreamOutput, StreamReader } from '#contracts/stream/reader.ts';
import type { StreamClosed, StreamControl, StreamError, StreamProgress } from '#contracts/stream/session.ts';
import { subjects } from '#contracts/subjects.ts';
import { type Answer, askDevice, type LiveLink } from './live-link.ts';

export type StreamPhase =
  | { kind: 'asking' }
  | { kind: 'open' }
  /** It is tried again by itself; `code` where the device said why. */
  | { kind: 'waiting'; message: string; code?: StreamError['code'] }
  | { kind: 'refused'; message: string; code: StreamError['code'] }
  | { kind: 'ended'; closed: StreamClosed };

export interface StreamViewerOptions {
  kind: 'log' | 'screen';
  device: string;
  /** What to ask for, called at each asking: it may begin where the last session stood. */
  body(): Record<string, unknown>;
  /** `consumed` is called once the bytes are where they will be drawn from. */
  onData(bytes: Uint8Array, consumed: () => void): void;
  onPhase(phase: StreamPhase): void;
  /** A session stands; what comes belongs to it and not to one before. */
  onOpen?(answer: Record<string, unknown>): void;
  onState?(state: unknown): void;
  onProgress?(progress: StreamProgress): void;
}

interface Session {
  sid: string;
  uid: string;
  reader: StreamReader;
}

const RETRY_MS = [500, 1_000, 2_000, 4_000, 5_000] as const;
const NO_LINK = 'No connection to the hub. What is shown is old; the device is not affected. It is tried again by itself.';
/** What no other try changes. */
const FINAL: ReadonlySet<StreamError['code']> = new Set(['not-allowed', 'bad-request', 'not-found']);
const encoder = new TextEncoder();

export class StreamViewer {
  #options: StreamViewerOptions;
  #link: LiveLink | undefined;
  #subscription: Subscription | undefined;
  #session: Session | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #failures = 0;
  #stopped = false;

  constructor(options: StreamViewerOptions) {
    this.#options = options;
  }

  get sid(): string | undefined {
    return this.#session?.sid;
  }

  /** Called with each link, and with undefined while there is none. */
  setLink(link: LiveLink | undefined): void {
    if (this.#stopped || link === this.#link) return;
    this.#link = link;
    const session = this.#session;
    if (!link) this.#options.onPhase({ kind: 'waiting', message: NO_LINK });
    else if (session && !session.reader.closed && session.uid === link.uid) this.#moveOver(link, session);
    else this.#ask();
  }

  #moveOver(link: LiveLink, session: Session): void {
    const before = this.#subscription;
    this.#subscribe(link, session.sid);
    before?.unsubscribe();
    session.reader.lost(performance.now());
    this.#speak();
    this.#options.onPhase({ kind: 'open' });
  }

  /** Another try now, for instance by a person. */
  retry(): void {
    if (!this.#stopped && this.#link) this.#ask();
  }

  /** Bytes of the session's own, beside what is said here: what a screen's viewer sends. */
  publish(channel: 'in' | 'ctl', bytes: Uint8Array): void {
    const { kind, device } = this.#options;
    if (!this.#session || !this.#link || this.#link.connection.isClosed()) return;
    if (channel === 'in' && this.#link.prove) return void this.#link.prove(false);
    const { uid, sid } = this.#session;
    const subject =
      kind === 'screen' && channel === 'in' ? subjects.screen.in(device, uid, sid) : subjects[kind].ctl(device, uid, sid);
    this.#link.connection.publish(subject, bytes);
  }

  close(): void {
    this.#stopped = true;
    this.#leave();
  }

  #leave(): void {
    clearTimeout(this.#timer);
    if (this.#session && !this.#session.reader.closed) this.#say({ type: 'close' });
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#session = undefined;
  }

  #ask(): void {
    const link = this.#link;
    if (!link) return;
    this.#leave();
    const session = { sid: newSessionId(), uid: link.uid, reader: new StreamReader(performance.now()) };
    this.#session = session;
    // The server takes the subscription before the request, because both go the same way: nothing sent is missed.
    this.#subscribe(link, session.sid);
    const { kind, device, body } = this.#options;
    if (this.#failures === 0) this.#options.onPhase({ kind: 'asking' });
    void askDevice<Record<string, unknown>>(link, device, kind, { sid: session.sid, ...body() }).then((answer) =>
      this.#answered(session.sid, answer),
    );
  }

  #answered(sid: string, answer: Answer<Record<string, unknown>>): void {
    // Meanwhile it was closed, or asked anew.
    if (this.#session?.sid !== sid || this.#stopped) return;
    if (!answer.ok) {
      if (FINAL.has(answer.code)) {
        this.#leave();
        this.#options.onPhase({ kind: 'refused', message: answer.message, code: answer.code });
      } else this.#askLater(answer.message, answer.code);
      return;
    }
    this.#failures = 0;
    this.#options.onOpen?.(answer);
    if (this.#session.reader.closed) return;
    this.#options.onPhase({ kind: 'open' });
    this.#speak();
  }

  #askLater(message: string, code?: StreamError['code']): void {
    this.#leave();
    const waitMs = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]!;
    this.#options.onPhase({ kind: 'waiting', message, ...(code ? { code } : {}) });
    this.#timer = setTimeout(() => this.#ask(), waitMs);
  }

  #subscribe(link: LiveLink, sid: string): void {
    const { kind, device } = this.#options;
    this.#subscription = link.connection.subscribe(subjects[kind].out(device, link.uid, sid), {
      callback: (error, message) => {
        const session = this.#session;
        if (error || session?.sid !== sid) return;
        const frame = decodeFrame(message.data);
        if (!frame) return;
        for (const output of session.reader.receive(frame, performance.now())) this.#take(output, session.reader);
        this.#speak();
      },
    });
  }

  #take(output: StreamOutput, reader: StreamReader): void {
    if (output.kind === 'state') this.#options.onState?.(output.value);
    else if (output.kind === 'progress') this.#options.onProgress?.(output.progress);
    else if (output.kind === 'closed') this.#closed(output.closed);
    else
      this.#options.onData(output.bytes, () => {
        reader.consumed(output.offset);
        if (this.#session?.reader === reader) this.#speak();
      });
  }

  #closed(closed: StreamClosed): void {
    if (closed.reason === 'ended' || closed.reason === 'closed') {
      this.#leave();
      this.#options.onPhase({ kind: 'ended', closed });
    } else this.#askLater(closed.message);
  }

  /** Says what is due and comes again when something will be. */
  #speak(): void {
    clearTimeout(this.#timer);
    const reader = this.#session?.reader;
    if (!reader || reader.closed) return;
    const control = this.#link ? reader.say(performance.now()) : undefined;
    if (control) this.#say(control);
    if (this.#link) this.#timer = setTimeout(() => this.#speak(), Math.max(1, reader.dueAtMs - performance.now()));
  }

  #say(control: StreamControl): void {
    this.publish('ctl', encoder.encode(JSON.stringify(control)));
  }
}

const newSessionId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
