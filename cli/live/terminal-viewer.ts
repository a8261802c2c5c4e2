/**
 * One terminal session of a device as this command sees it: attached over every link that comes, drawn in order, acknowledged when
 * written out. Invariant: what waits to be written is bounded; where it is too much, a picture of the screen replaces it.
 */
import type { Subscription } from '@nats-io/nats-core';
import type * as z from 'zod';
import { decodeFrame, encodeOffset } from '#contracts/stream/frame.ts';
import type { StreamClosed } from '#contracts/stream/session.ts';
import {
  AttachAnswer,
  DoneAnswer,
  ExecAnswer,
  PartAnswer,
  type TerminalRequest,
  type TerminalState,
} from '#contracts/stream/terminal.ts';
import { AckClock, type TerminalOutput, TerminalReader } from '#contracts/stream/terminal-reader.ts';
import { subjects } from '#contracts/subjects.ts';
import { askDevice, DeviceRefusal } from './ask-device.ts';
import type { HubLink, Link } from './hub-link.ts';

export interface TerminalViewerOptions {
  link: HubLink;
  device: string;
  sid: string;
  /** From its first byte, where that is still kept, instead of from a picture of its screen. */
  fromStart?: boolean;
  /** Resolves when it is written out. */
  draw(output: TerminalOutput): Promise<void> | void;
  /** The connection came (true) or went. */
  onLink(connected: boolean): void;
}

export type TerminalEnd = Pick<StreamClosed, 'reason' | 'message' | 'exitCode'>;
export type ControlAction = 'take' | 'give' | 'keep' | 'release';

const MOST_QUEUED_BYTES = 8 * 1024 * 1024;
const RETRY_MS = 500;
const ACK_TICK_MS = 25;
const MISSED_FOR_MS = 10_000;
/** Of no other use than to try again. */
const PASSING = new Set<DeviceRefusal['code']>(['away', 'unreachable', 'internal']);

export class TerminalViewer {
  readonly #options: TerminalViewerOptions;
  #reader = new TerminalReader();
  #clock: AckClock | undefined;
  #queue: TerminalOutput[] = [];
  #queuedBytes = 0;
  #drawing = false;
  #attaching = false;
  #subscription: Subscription | undefined;
  #link: Link | undefined;
  #state: TerminalState | undefined;
  #missedAtMs: number | undefined;
  #settle: ((end: TerminalEnd) => void) | undefined;
  readonly #ended: Promise<TerminalEnd>;

  constructor(options: TerminalViewerOptions) {
    this.#options = options;
    this.#ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  get state(): TerminalState | undefined {
    return this.#state;
  }

  get mayType(): boolean {
    return this.#link !== undefined && this.#state?.writer?.uid === this.#link.uid;
  }

  /** Until the session ends or `signal` aborts: then undefined, and the session goes on. */
  async run(signal: AbortSignal): Promise<TerminalEnd | undefined> {
    const stopListening = this.#options.link.onLink((link) => this.#use(link));
    const ticking = setInterval(() => this.#acknowledge(), ACK_TICK_MS);
    const left = new Promise<undefined>((resolve) => signal.addEventListener('abort', () => resolve(undefined), { once: true }));
    try {
      return await Promise.race([this.#ended, left]);
    } finally {
      this.#settle = undefined;
      stopListening();
      clearInterval(ticking);
      this.#subscription?.unsubscribe();
    }
  }

  /** False: nobody takes it, because somebody else types or there is no connection. */
  write(bytes: Uint8Array): boolean {
    if (!this.mayType || !this.#link) return false;
    const { device, sid } = this.#options;
    this.#link.connection.publish(subjects.term.in(device, sid, this.#link.uid), bytes);
    return true;
  }

  async resize(cols: number, rows: number): Promise<void> {
    if (this.mayType && this.#link) await this.#ask(this.#link, { op: 'resize', cols, rows }, DoneAnswer);
  }

  control = (action: ControlAction): Promise<void> => this.#exec({ op: 'control', action });
  end = (): Promise<void> => this.#exec({ op: 'end' });

  /** The session goes on without this viewer. */
  async detach(): Promise<void> {
    if (this.#link) await this.#ask(this.#link, { op: 'detach' }, DoneAnswer).catch(() => {});
  }

  async #exec(body: { op: 'control'; action: ControlAction } | { op: 'end' }): Promise<void> {
    const { device, sid } = this.#options;
    const link = this.#link;
    if (!link) return;
    await askDevice(link, {
      device,
      subject: subjects.rpc(device, 'exec', link.uid),
      body: { ...body, sid },
      answer: ExecAnswer,
    });
  }

  #use(link: Link | undefined): void {
    this.#link = link;
    this.#options.onLink(link !== undefined);
    if (!link) return;
    const before = this.#subscription;
    const { device, sid } = this.#options;
    this.#subscription = link.connection.subscribe(subjects.term.out(device, sid), {
      callback: (error, message) => {
        const frame = error ? undefined : decodeFrame(message.data);
        if (!frame) return;
        this.#take(this.#reader.receive(frame));
        void this.#attachIfNeeded();
      },
    });
    before?.unsubscribe();
    this.#reader.lost();
    void this.#attachIfNeeded();
  }

  async #attachIfNeeded(): Promise<void> {
    if (this.#attaching) return;
    this.#attaching = true;
    try {
      for (let request = this.#reader.request; request && this.#settle; request = this.#reader.request) {
        if (!this.#link) return;
        await this.#attach(this.#link, this.#reader, request).catch((error: unknown) => this.#failed(error));
      }
    } finally {
      this.#attaching = false;
    }
  }

  async #attach(link: Link, reader: TerminalReader, request: TerminalRequest): Promise<void> {
    const first = request.op === 'attach' && request.have === undefined && this.#options.fromStart;
    const { state, off, resumed, data, parts, snapshotId } = await this.#ask(
      link,
      first ? { op: 'attach', have: 0 } : request,
      AttachAnswer,
    );
    this.#missedAtMs = undefined;
    reader.answered(off);
    const all = [Buffer.from(data, 'base64')];
    for (let index = 1; index < parts && snapshotId !== undefined; index++) {
      const part = await this.#ask(link, { op: 'part', snapshotId, index }, PartAnswer);
      all.push(Buffer.from(part.data, 'base64'));
    }
    if (reader !== this.#reader) return;
    this.#clock ??= new AckClock(0, performance.now());
    this.#take(reader.attached({ state, off, resumed, data: Buffer.concat(all) }));
    if (state.ended) this.#finish({ reason: 'ended', message: 'The program ended.', ...exitCodeOf(state) });
  }

  async #failed(error: unknown): Promise<void> {
    if (error instanceof DeviceRefusal && (PASSING.has(error.code) || this.#mayComeBack(error))) {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      return;
    }
    const message = error instanceof Error ? error.message : String(error);
    this.#finish({ reason: error instanceof DeviceRefusal && error.code === 'not-found' ? 'gone' : 'failed', message });
  }

  /** An agent that was just started may not have found its sessions again. */
  #mayComeBack({ code }: DeviceRefusal): boolean {
    if (code !== 'not-found' || this.#clock === undefined) return false;
    this.#missedAtMs ??= performance.now();
    return performance.now() - this.#missedAtMs < MISSED_FOR_MS;
  }

  #take(outputs: readonly TerminalOutput[]): void {
    for (const output of outputs) {
      if (output.kind === 'reset' || output.kind === 'state') this.#state = output.state;
      this.#queue.push(output);
      if (output.kind === 'data') this.#queuedBytes += output.bytes.length;
    }
    if (this.#queuedBytes > MOST_QUEUED_BYTES) {
      this.#queue = [];
      this.#queuedBytes = 0;
      this.#reader = new TerminalReader();
      void this.#attachIfNeeded();
    }
    void this.#drawAll();
  }

  async #drawAll(): Promise<void> {
    if (this.#drawing) return;
    this.#drawing = true;
    for (let output = this.#queue.shift(); output; output = this.#queue.shift()) {
      if (output.kind === 'data') this.#queuedBytes -= output.bytes.length;
      await this.#options.draw(output);
      if (output.kind === 'data') this.#clock?.drew(output.offset);
      this.#acknowledge();
      if (output.kind === 'closed') this.#settle?.(output.closed);
    }
    this.#drawing = false;
  }

  /** After everything that waits was drawn. */
  #finish(end: TerminalEnd): void {
    this.#take([{ kind: 'closed', closed: end }]);
  }

  #acknowledge(): void {
    const offset = this.#clock?.due(performance.now());
    const { device, sid } = this.#options;
    if (offset !== undefined && this.#link && !this.#link.connection.isClosed())
      this.#link.connection.publish(subjects.term.ack(device, sid, this.#link.uid), encodeOffset(offset));
  }

  #ask<T extends z.ZodType<{ ok: boolean }>>(link: Link, body: TerminalRequest, answer: T) {
    const { device, sid } = this.#options;
    return askDevice(link, { device, subject: subjects.term.rpc(device, sid, link.uid), body, answer });
  }
}

const exitCodeOf = ({ ended }: TerminalState) => (ended?.exitCode === undefined ? {} : { exitCode: ended.exitCode });
