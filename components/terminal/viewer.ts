/**
 * One person's view of one terminal session, over whatever link stands: subscribe, attach, frames, acknowledgements, and again after a
 * lost or renewed link. It draws on a `Screen` and tells what changed; it knows nothing of the page.
 */
import type { Subscription } from '@nats-io/nats-core';
import { decodeFrame, encodeOffset, FRAME_KIND, type Frame } from '#contracts/stream/frame.ts';
import { AttachAnswer, PartAnswer, type TerminalRequest, type TerminalState } from '#contracts/stream/terminal.ts';
import { AckClock, TerminalReader } from '#contracts/stream/terminal-reader.ts';
import { subjects } from '#contracts/subjects.ts';
import { askTerminal, type LiveLink } from '../live/live-link.ts';

/** Draws in the order of the calls. */
export interface Screen {
  /** An empty terminal of this size. */
  reset(cols: number, rows: number): void;
  resize(cols: number, rows: number): void;
  /** `drawn` is called when the bytes are parsed. */
  write(bytes: Uint8Array, drawn: () => void): void;
}

export type ViewerPhase = 'connecting' | 'live' | 'lost' | 'ended' | 'refused';
export interface ViewerView {
  phase: ViewerPhase;
  state: TerminalState | undefined;
  /** Why there is nothing to see, or how it ended, for people. */
  message: string | undefined;
  /** From a key to its echo, else from a question to its answer. */
  latencyMs: number | undefined;
}

const RETRY_MS = [500, 1_000, 2_000, 4_000, 5_000];
/** After so long without a frame the device is asked whether it still knows us, which also measures the way there. */
const ASK_EVERY_MS = 5_000;
/** What comes later after a key is not its echo. */
const ECHO_WITHIN_MS = 2_000;
const INPUT_BYTES = 16 * 1024;

export class TerminalViewer {
  readonly device: string;
  readonly sid: string;
  view: ViewerView = { phase: 'connecting', state: undefined, message: undefined, latencyMs: undefined };
  #screen: Screen;
  #onChange: () => void;
  #reader = new TerminalReader();
  #acks: AckClock | undefined;
  #link: LiveLink | undefined;
  #subscription: Subscription | undefined;
  #attaching = false;
  #failures = 0;
  #heardAtMs = 0;
  #keyAtMs: number | undefined;
  #ackTimer: ReturnType<typeof setTimeout> | undefined;
  #retryTimer: ReturnType<typeof setTimeout> | undefined;
  #asking: ReturnType<typeof setInterval>;
  #stopped = false;

  constructor(device: string, sid: string, screen: Screen, onChange: () => void) {
    this.device = device;
    this.sid = sid;
    this.#screen = screen;
    this.#onChange = onChange;
    this.#asking = setInterval(() => this.#askIfQuiet(), ASK_EVERY_MS);
  }

  /** Another link, or none: what was drawn stays. */
  setLink(link: LiveLink | undefined): void {
    if (this.#stopped || link?.epoch === this.#link?.epoch) return;
    this.#subscription?.unsubscribe();
    this.#subscription = undefined;
    this.#link = link;
    if (this.view.phase === 'ended') return;
    this.#reader.lost();
    if (!link) {
      this.#set({ phase: 'lost', latencyMs: undefined });
      return;
    }
    // Heard before it is asked, so that nothing falls between the answer and the first frame.
    this.#subscription = link.connection.subscribe(subjects.term.out(this.device, this.sid), {
      callback: (error, message) => {
        const frame = error ? undefined : decodeFrame(message.data);
        if (frame && this.#link === link) this.#hear(frame);
      },
    });
    void this.#attach();
  }

  /** The device was away and is back: its agent may not know us any more. */
  askAgain(): void {
    this.#reader.lost();
    void this.#attach();
  }

  /** False: nothing was sent, for there is no link. */
  send(bytes: Uint8Array): boolean {
    const link = this.#link;
    if (!link || link.connection.isClosed() || this.view.phase !== 'live') return false;
    if (link.prove) {
      void link.prove(false);
      return false;
    }
    this.#keyAtMs ??= performance.now();
    for (let at = 0; at < bytes.length; at += INPUT_BYTES)
      link.connection.publish(subjects.term.in(this.device, this.sid, link.uid), bytes.slice(at, at + INPUT_BYTES));
    return true;
  }

  /** What the device answered to a request about control, ahead of the frame that says the same. */
  learn(state: TerminalState): void {
    this.#setState(state);
  }

  ask<T>(request: TerminalRequest) {
    return askTerminal<T>(this.#link, this.device, this.sid, request);
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    clearInterval(this.#asking);
    clearTimeout(this.#ackTimer);
    clearTimeout(this.#retryTimer);
    this.#subscription?.unsubscribe();
    if (this.#link && this.view.phase === 'live') void this.ask({ op: 'detach' });
  }

  async #attach(): Promise<void> {
    if (this.#attaching || this.#stopped) return;
    this.#attaching = true;
    clearTimeout(this.#retryTimer);
    try {
      while (this.#link && this.#reader.request && !this.#stopped)
        if (!(await this.#attachOnce(this.#link, this.#reader.request))) break;
    } finally {
      this.#attaching = false;
    }
  }

  /** True: the answer was drawn. */
  async #attachOnce(link: LiveLink, request: TerminalRequest): Promise<boolean> {
    const askedAtMs = performance.now();
    const answer = AttachAnswer.safeParse(await askTerminal(link, this.device, this.sid, request)).data;
    if (this.#stopped || this.#link !== link) return !this.#stopped;
    if (!answer?.ok) {
      if (answer?.code === 'not-found') this.#end(answer.message);
      else if (answer?.code === 'not-allowed') this.#set({ phase: 'refused', message: answer.message });
      else this.#retry(answer?.message ?? 'The device gave an answer this page does not understand. Reload the page.');
      return false;
    }
    this.#reader.answered(answer.off);
    const parts = [fromBase64(answer.data)];
    for (let index = 1; index < answer.parts; index++) {
      const part = await this.#part(link, answer.snapshotId ?? '', index);
      if (this.#stopped || this.#link !== link) return !this.#stopped;
      if (!part) {
        this.#retry('A part of the picture did not arrive.');
        return false;
      }
      parts.push(part);
    }
    const { state, off, resumed } = answer;
    this.#failures = 0;
    this.#heardAtMs = performance.now();
    this.#keyAtMs = undefined;
    this.#set({ phase: 'live', message: undefined, latencyMs: Math.round(performance.now() - askedAtMs) });
    const data = joined(parts);
    // Also where there is nothing to draw the device waits for a first word.
    if (data.length === 0) this.#drew(off);
    this.#draw(this.#reader.attached({ state, off, resumed, data }));
    return true;
  }

  async #part(link: LiveLink, snapshotId: string, index: number): Promise<Uint8Array | undefined> {
    const answer = PartAnswer.safeParse(await askTerminal(link, this.device, this.sid, { op: 'part', snapshotId, index })).data;
    return answer?.ok ? fromBase64(answer.data) : undefined;
  }

  #retry(message: string): void {
    const waitMs = RETRY_MS[Math.min(this.#failures++, RETRY_MS.length - 1)]!;
    this.#set({ phase: 'lost', message, latencyMs: undefined });
    this.#retryTimer = setTimeout(() => void this.#attach(), waitMs);
  }

  #hear(frame: Frame): void {
    this.#heardAtMs = performance.now();
    if (frame.kind === FRAME_KIND.closed && !sayEnded(frame)) {
      // The session lives on where its agent stopped; it is asked again until one answers.
      this.#reader.lost();
      this.#retry('The agent on the device stopped. The terminal goes on when it is back.');
      return;
    }
    if (frame.kind === FRAME_KIND.data && this.#keyAtMs !== undefined) {
      const latencyMs = Math.round(this.#heardAtMs - this.#keyAtMs);
      this.#keyAtMs = undefined;
      if (latencyMs <= ECHO_WITHIN_MS && latencyMs !== this.view.latencyMs) this.#set({ latencyMs });
    }
    this.#draw(this.#reader.receive(frame));
    if (this.#reader.request) void this.#attach();
  }

  #draw(outputs: ReturnType<TerminalReader['receive']>): void {
    for (const output of outputs)
      switch (output.kind) {
        case 'reset':
          this.#screen.reset(output.state.cols, output.state.rows);
          this.#setState(output.state);
          break;
        case 'state':
          this.#screen.resize(output.state.cols, output.state.rows);
          this.#setState(output.state);
          break;
        case 'data':
          this.#screen.write(output.bytes, () => this.#drew(output.offset));
          break;
        case 'closed':
          this.#end(output.closed.message);
      }
  }

  #drew(offset: number): void {
    this.#acks ??= new AckClock(0, performance.now());
    this.#acks.drew(offset);
    this.#scheduleAck();
  }

  #scheduleAck = (): void => {
    clearTimeout(this.#ackTimer);
    const { phase } = this.view;
    if (!this.#acks || this.#stopped || phase === 'ended' || phase === 'refused') return;
    const nowMs = performance.now();
    const offset = this.#acks.due(nowMs);
    const link = this.#link;
    if (offset !== undefined && link && !link.connection.isClosed())
      link.connection.publish(subjects.term.ack(this.device, this.sid, link.uid), encodeOffset(offset));
    this.#ackTimer = setTimeout(this.#scheduleAck, Math.max(1, this.#acks.dueAtMs - performance.now()));
  };

  #askIfQuiet(): void {
    if (this.view.phase !== 'live' || performance.now() - this.#heardAtMs < ASK_EVERY_MS) return;
    this.askAgain();
  }

  #setState(state: TerminalState): void {
    this.#set({ state });
    if (state.ended) this.#end(undefined);
  }

  #end(message: string | undefined): void {
    this.#set({ phase: 'ended', message: message ?? this.view.message, latencyMs: undefined });
    this.#subscription?.unsubscribe();
  }

  #set(change: Partial<ViewerView>): void {
    if (this.#stopped) return;
    this.view = { ...this.view, ...change };
    this.#onChange();
  }
}

function sayEnded({ payload }: Frame): boolean {
  try {
    const { reason } = JSON.parse(new TextDecoder().decode(payload)) as { reason?: unknown };
    return reason !== 'agent-stops' && reason !== 'gone' && reason !== 'silent';
  } catch {
    return true;
  }
}

function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
