/**
 * One log session of a device as this command sees it: asked for, read in order, given credit when printed, moved over to each new
 * link, and asked anew from the last line where the device or its agent was gone.
 */

import { randomBytes } from 'node:crypto';
import type { Subscription } from '@nats-io/nats-core';
import { decodeFrame } from '#contracts/stream/frame.ts';
import { LogAnswer, type LogRecord, type LogRequest } from '#contracts/stream/log.ts';
import { LogLines } from '#contracts/stream/log-lines.ts';
import { type StreamOutput, StreamReader } from '#contracts/stream/reader.ts';
import type { StreamControl, StreamProgress } from '#contracts/stream/session.ts';
import { subjects } from '#contracts/subjects.ts';
import { askDevice, DeviceRefusal } from './ask-device.ts';
import type { HubLink, Link } from './hub-link.ts';

export interface LogSessionOptions {
  link: HubLink;
  device: string;
  request: Omit<LogRequest, 'sid'>;
  /** Resolves when they are printed. */
  onRecords(records: LogRecord[]): Promise<void> | void;
  onProgress(progress: StreamProgress): void;
  /** It does not go on for now; tried again by itself. */
  onTrouble(message: string): void;
}

interface Session {
  sid: string;
  uid: string;
  reader: StreamReader;
  lines: LogLines;
  subscription?: Subscription;
}

const TICK_MS = 50;
const MOST_RECENT = 200;
const RETRY_MS = 1_000;
const FINAL = new Set<DeviceRefusal['code']>(['not-allowed', 'bad-request', 'not-found']);

export class LogSession {
  readonly #options: LogSessionOptions;
  #link: Link | undefined;
  #session: Session | undefined;
  #asking = false;
  #retryAtMs = 0;
  #newest = -1;
  /** What comes again after a new start is dropped: lines up to this number. */
  #known = -1;
  #isResumed = false;
  #recent: string[] = [];
  #newestAtMs: number | undefined;
  #queue: StreamOutput[] = [];
  #working = false;
  #done: (error?: Error) => void = () => {};

  constructor(options: LogSessionOptions) {
    this.#options = options;
  }

  /** Until everything that was asked for is there, or `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const done = new Promise<void>((resolve, reject) => {
      this.#done = (error) => (error ? reject(error) : resolve());
    });
    signal.addEventListener('abort', () => this.#done(), { once: true });
    const stopListening = this.#options.link.onLink((link) => this.#use(link));
    const ticking = setInterval(() => this.#tick(), TICK_MS);
    try {
      await done;
    } finally {
      stopListening();
      clearInterval(ticking);
      this.#leave();
    }
  }

  #use(link: Link | undefined): void {
    this.#link = link;
    const session = this.#session;
    if (!link) {
      this.#options.onTrouble('The connection to the hub was lost; trying again.');
    } else if (session && session.uid === link.uid) {
      const before = session.subscription;
      this.#subscribe(link, session);
      before?.unsubscribe();
      session.reader.lost(performance.now());
    } else void this.#ask(link);
  }

  async #ask(link: Link): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    this.#leave();
    const { device, request } = this.#options;
    const session = {
      sid: randomBytes(12).toString('hex'),
      uid: link.uid,
      reader: new StreamReader(performance.now()),
      lines: new LogLines(),
    };
    this.#session = session;
    this.#known = this.#newest;
    this.#isResumed = this.#newestAtMs !== undefined;
    this.#subscribe(link, session);
    // After a new start: from the last line that was seen, however many there were since.
    const again = this.#newestAtMs === undefined ? {} : { since: new Date(this.#newestAtMs).toISOString(), tail: 100_000 };
    try {
      const subject = subjects.rpc(device, 'log', link.uid);
      await askDevice(link, { device, subject, body: { ...request, ...again, sid: session.sid }, answer: LogAnswer });
    } catch (error) {
      this.#leave();
      const refusal = error instanceof DeviceRefusal ? error : undefined;
      const mayPass = refusal && !FINAL.has(refusal.code) && request.follow && this.#newestAtMs !== undefined;
      if (!mayPass) this.#done(error instanceof Error ? error : new Error(String(error)));
      else {
        this.#retryAtMs = performance.now() + RETRY_MS;
        this.#options.onTrouble(refusal.message);
      }
    } finally {
      this.#asking = false;
    }
  }

  #subscribe(link: Link, session: Session): void {
    session.subscription = link.connection.subscribe(subjects.log.out(this.#options.device, link.uid, session.sid), {
      callback: (error, message) => {
        const frame = error ? undefined : decodeFrame(message.data);
        if (!frame || this.#session !== session) return;
        this.#queue.push(...session.reader.receive(frame, performance.now()));
        void this.#work(session);
      },
    });
  }

  async #work(session: Session): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let output = this.#queue.shift(); output; output = this.#queue.shift()) {
      if (output.kind === 'progress') this.#options.onProgress(output.progress);
      else if (output.kind === 'data') {
        await this.#options.onRecords(session.lines.read(output.bytes).filter((record) => this.#isNew(record)));
        session.reader.consumed(output.offset);
        this.#tick();
      } else if (output.kind === 'closed') this.#closed(output.closed.reason, output.closed.message);
    }
    this.#working = false;
  }

  /**
   * An agent that was killed may number its last lines anew, so after a new start they are known by what they say.
   */
  #isNew(record: LogRecord): boolean {
    const words = `${record.t} ${record.d} ${record.s} ${record.o} ${record.o === 'gap' ? record.lines : record.x}`;
    if (this.#isResumed && (record.n <= this.#known || this.#recent.includes(words))) return false;
    this.#recent.push(words);
    if (this.#recent.length > MOST_RECENT) this.#recent.shift();
    this.#newest = Math.max(record.n, this.#newest);
    this.#newestAtMs = Math.max(record.t, this.#newestAtMs ?? record.t);
    return true;
  }

  #closed(reason: string, message: string): void {
    this.#session?.subscription?.unsubscribe();
    this.#session = undefined;
    if (reason === 'ended' || reason === 'closed') {
      this.#done();
      return;
    }
    this.#retryAtMs = performance.now() + RETRY_MS;
    this.#options.onTrouble(message);
  }

  #tick(): void {
    const now = performance.now();
    const { connection } = this.#link ?? {};
    if (!this.#link || !connection || connection.isClosed()) return;
    const session = this.#session;
    if (!session) {
      if (!this.#asking && now >= this.#retryAtMs) void this.#ask(this.#link);
      return;
    }
    const control = this.#asking ? undefined : session.reader.say(now);
    if (control) this.#say(session, control);
  }

  #say({ uid, sid }: Session, control: StreamControl): void {
    this.#link?.connection.publish(subjects.log.ctl(this.#options.device, uid, sid), JSON.stringify(control));
  }

  #leave(): void {
    const session = this.#session;
    this.#session = undefined;
    this.#queue = [];
    session?.subscription?.unsubscribe();
    if (session && !session.reader.closed && this.#link && !this.#link.connection.isClosed())
      this.#say(session, { type: 'close' });
  }
}
