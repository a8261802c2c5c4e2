/**
 * One terminal session: a program, what it shows, who watches and who types. Invariants:
 * - the bytes of `.out` up to an offset, and a snapshot as of that offset, give the same screen;
 * - only the writer's bytes reach the program, and only the writer's size counts;
 * - the program runs at most the window ahead of who sets the pace; nobody attached: it runs free.
 */
import type { Recording } from '#contracts/recording.ts';
import { encodeFrame, FRAME_KIND, type FrameKind } from '#contracts/stream/frame.ts';
import { StreamRefusal } from '#contracts/stream/session.ts';
import type { TerminalRequest, TerminalState, TerminalTarget } from '#contracts/stream/terminal.ts';
import { personOf } from '#contracts/uid.ts';
import type { OpenRecording } from '../../recordings/open-recording.ts';
import { Brake } from './brake.ts';
import { Control } from './control.ts';
import { describeSession } from './describe-session.ts';
import { Output } from './output.ts';
import type { ProgramEvents, TerminalProgram, TerminalSize } from './program.ts';
import { Screen } from './screen.ts';
import { SessionRecorder } from './session-recorder.ts';
import { SnapshotParts } from './snapshot-parts.ts';
import { Title } from './title.ts';
import { Viewers } from './viewers.ts';

export interface SessionOptions extends TerminalSize {
  sid: string;
  target: TerminalTarget;
  /** Who opened it; a session opened for a picture has nobody. */
  opener?: string | undefined;
  start(size: TerminalSize, events: ProgramEvents): Promise<TerminalProgram>;
  publish(message: Uint8Array): void;
  beginRecording(): Promise<OpenRecording>;
  onEnd(session: Session): void;
  /** Somebody else has control from now on. */
  onWriter(person: string): void;
  onRecorded(recording: Recording): void;
}

const BEHIND_EVERY_MS = 1_000;

export class Session {
  readonly sid: string;
  readonly target: TerminalTarget;
  readonly opener: string | undefined;
  readonly startedAt = new Date();
  readonly screen: Screen;
  /** When somebody last watched, in ms of `Date.now`. */
  watchedAtMs = Date.now();
  usedAtMs = Date.now();
  #options: SessionOptions;
  #size: TerminalSize;
  #program: TerminalProgram | undefined;
  #output: Output;
  #viewers = new Viewers();
  #control = new Control();
  #brake = new Brake();
  #parts = new SnapshotParts();
  #recorder: SessionRecorder;
  #title = new Title(() => {
    if (!this.#ended) this.tell();
  });
  #ended: { at: Date; exitCode?: number } | undefined;
  #saidBehindAtMs = 0;
  #lastWriter: string | undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.sid = options.sid;
    this.target = options.target;
    this.opener = options.opener;
    this.#size = { cols: options.cols, rows: options.rows };
    // Without viewers the messages would cross the device's line for nobody.
    this.#output = new Output((message) => {
      if (this.#viewers.size > 0) options.publish(message);
    });
    this.screen = new Screen(this.#size, { title: (title) => this.#title.set(title), parsed: () => this.#balance() });
    this.#recorder = new SessionRecorder(options.beginRecording, this.screen);
  }

  async start(): Promise<void> {
    this.#program = await this.#options.start(this.#size, {
      onData: (bytes) => this.#produced(bytes),
      onExit: (exit) => void this.#exited(exit),
    });
    if (this.#ended) this.#program.end();
  }

  get endedAt(): Date | undefined {
    return this.#ended?.at;
  }

  get isTyped(): boolean {
    return this.#recorder.begun;
  }

  state(): TerminalState {
    return describeSession({
      sid: this.sid,
      target: this.target,
      startedAt: this.startedAt,
      size: this.#size,
      writer: this.#control.writer,
      asking: this.#control.asking(Date.now()),
      viewers: this.#viewers.names,
      startedTypingAt: this.#recorder.startedAt,
      title: this.#title.text,
      ended: this.#ended,
    });
  }

  /** A request of a viewer. */
  async answer(uid: string, request: TerminalRequest): Promise<Record<string, unknown>> {
    switch (request.op) {
      case 'attach':
        return this.#attach(uid, request.have);
      case 'part':
        return this.#parts.part(request.snapshotId, request.index);
      case 'resize':
        this.#resize(uid, request);
        return {};
      case 'detach':
        this.#leave(uid);
        return {};
      case 'text':
        return { text: await this.screen.text(request.lines) };
    }
  }

  input(uid: string, bytes: Uint8Array): void {
    if (this.#ended || uid !== this.#control.writer) return;
    this.usedAtMs = Date.now();
    this.#control.heard(uid, Date.now());
    this.#program?.write(bytes);
  }

  /** Who was let go of, or came back with the agent, is a viewer again by this. */
  acknowledge(uid: string, offset: number): void {
    const now = Date.now();
    const { offset: end } = this.#output;
    if (this.#ended || offset > end) return;
    this.watchedAtMs = now;
    this.#control.heard(uid, now);
    const pacer = this.#viewers.pacer(this.#control.writer, now)?.uid;
    if (!this.#viewers.has(uid)) {
      this.#viewers.attach(uid, offset, now);
      this.tell();
    }
    const more = this.#viewers.drew(uid, offset, now, end);
    if (uid === pacer) this.#brake.drew(more, now);
    this.#balance();
    // Nothing came after what was lost on the way: say where the stream stands, and the gap is seen.
    if (more === 0 && offset < end && now - this.#saidBehindAtMs > BEHIND_EVERY_MS) {
      this.#saidBehindAtMs = now;
      this.tell();
    }
  }

  control(uid: string, action: 'take' | 'give' | 'keep' | 'release'): void {
    this.#mustLive();
    this.#control[action](uid, Date.now());
    this.#controlled();
  }

  end(): void {
    this.#program?.end();
  }

  /** What time alone changes; about once a second. */
  tick(): void {
    if (this.#ended) return;
    const now = Date.now();
    const passed = this.#control.tick(now);
    const dropped = this.#viewers.dropSilent(now);
    if (this.#viewers.size > 0) this.watchedAtMs = now;
    this.#parts.forgetOld(now);
    this.#balance();
    if (passed) this.#controlled();
    else if (dropped) this.tell();
  }

  /** The state, to everybody; also tells where the stream stands. */
  tell(): void {
    this.#output.flush();
    this.#publishJson(FRAME_KIND.state, this.state());
  }

  dispose(): void {
    this.#title.stop();
    this.#output.stop();
    this.screen.dispose();
  }

  /** The recording is on disk when this resolves. */
  async settled(): Promise<void> {
    await this.#recorder.end(this.#ended?.exitCode);
  }

  async #attach(uid: string, have: number | undefined): Promise<Record<string, unknown>> {
    const now = Date.now();
    this.#output.flush();
    const off = this.#output.offset;
    const isNew = !this.#viewers.has(uid);
    const missed = have === undefined ? undefined : this.#output.since(have);
    if (!this.#ended) this.#viewers.attach(uid, missed ? have! : off, now);
    this.watchedAtMs = now;
    this.#control.heard(uid, now);
    if (isNew) this.tell();
    this.#balance();
    const bytes = missed ?? (await this.screen.snapshot());
    return { state: this.state(), off, resumed: missed !== undefined, ...this.#parts.first(bytes, now) };
  }

  #leave(uid: string): void {
    this.#viewers.detach(uid);
    this.#control.release(uid, Date.now());
    this.#balance();
    this.#controlled();
  }

  #resize(uid: string, { cols, rows }: TerminalSize): void {
    this.#mustLive();
    if (uid !== this.#control.writer) throw new StreamRefusal('not-allowed', 'Only who types here sets the size.');
    if (cols === this.#size.cols && rows === this.#size.rows) return;
    this.#size = { cols, rows };
    this.#output.flush();
    this.screen.resize(cols, rows);
    this.#program?.resize(cols, rows);
    this.#recorder.resize(this.#size);
    this.tell();
  }

  #produced(bytes: Buffer): void {
    if (this.#ended || bytes.length === 0) return;
    this.#output.push(bytes);
    this.screen.write(bytes);
    this.#recorder.output(bytes);
    this.#balance();
  }

  #balance(): void {
    const now = Date.now();
    const pacer = this.#viewers.pacer(this.#control.writer, now, this.#brake.waitsSinceMs);
    const aheadBytes = pacer && this.#output.offset - pacer.drawn;
    this.#brake.balance(this.#program, { aheadBytes, unparsedBytes: this.screen.unparsedBytes }, now);
  }

  #controlled(): void {
    const { writer } = this.#control;
    if (writer) this.usedAtMs = Date.now();
    if (writer && writer !== this.#lastWriter) this.#options.onWriter(personOf(writer));
    this.#lastWriter = writer;
    if (writer && !this.#recorder.begun) void this.#record();
    this.#recorder.control(writer && personOf(writer));
    this.tell();
  }

  async #record(): Promise<void> {
    const writer = () => this.#control.writer && personOf(this.#control.writer);
    await this.#recorder.start(() => this.#size, writer);
    if (!this.#ended) this.tell();
  }

  async #exited({ exitCode, message }: { exitCode?: number | undefined; message?: string | undefined }): Promise<void> {
    if (this.#ended) return;
    if (message) this.#produced(Buffer.from(`\r\n${message}\r\n`));
    this.#ended = { at: new Date(), ...(exitCode === undefined ? {} : { exitCode }) };
    this.#control.clear();
    this.tell();
    const words = message ?? 'The program ended.';
    this.#publishJson(FRAME_KIND.closed, {
      reason: 'ended',
      message: words,
      ...(exitCode === undefined ? {} : { exitCode }),
    });
    this.#options.onEnd(this);
    const recording = await this.#recorder.end(exitCode);
    if (recording) this.#options.onRecorded(recording);
  }

  #publishJson(kind: FrameKind, value: unknown): void {
    const payload = new TextEncoder().encode(JSON.stringify(value));
    this.#options.publish(encodeFrame({ kind, endOffset: this.#output.offset, payload }));
  }

  #mustLive(): void {
    if (this.#ended) throw new StreamRefusal('not-running', 'This terminal has ended. Open a new one.');
  }
}
