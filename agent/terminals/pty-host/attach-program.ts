/** A service's own terminal. The container may end and start again, or be replaced: the session stays and attaches to the next. */
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ContainerTerminals } from '../../engine/container-terminals.ts';
import { whereStreamBegins } from './earlier-output.ts';
import { INPUT_KEPT_BYTES, type ProgramEvents, type TerminalProgram, type TerminalSize } from './program.ts';
import { Resizer } from './resizer.ts';

/** A service that is gone for so long was removed. */
const GONE_MS = 60_000;
const LOOK_MS = 500;
/** What the engine has written to its log is on its way through the stream for so long at most, on a device that is not overloaded. */
const ON_ITS_WAY_MS = 30;
/** Clears what the old program left: looks, modes, the other screen. */
const ANEW = '\x1bc';

interface AttachOptions {
  /** undefined: there is no container. */
  find(): Promise<{ id: string; running: boolean } | undefined>;
  /** The last of what it wrote so far. */
  readEarlier(id: string): Promise<Buffer>;
  service: string;
  size: TerminalSize;
}

export class AttachProgram implements TerminalProgram {
  #terminals: ContainerTerminals;
  #options: AttachOptions;
  #events: ProgramEvents;
  #size: TerminalSize;
  #containerId = '';
  #stream: Duplex | undefined;
  #paused = false;
  #ended = false;
  #resizer: Resizer;

  static async start(terminals: ContainerTerminals, options: AttachOptions, events: ProgramEvents): Promise<AttachProgram> {
    const program = new AttachProgram(terminals, options, events);
    void program.#run();
    return program;
  }

  private constructor(terminals: ContainerTerminals, options: AttachOptions, events: ProgramEvents) {
    this.#terminals = terminals;
    this.#options = options;
    this.#events = events;
    this.#size = options.size;
    this.#resizer = new Resizer((size) => terminals.resizeContainer(this.#containerId, size));
  }

  write(bytes: Uint8Array): void {
    const stream = this.#stream;
    if (stream?.writable && stream.writableLength + bytes.length <= INPUT_KEPT_BYTES) stream.write(bytes);
  }

  resize(cols: number, rows: number): void {
    this.#size = { cols, rows };
    if (this.#stream) this.#resizer.resize(this.#size);
  }

  pause(): void {
    this.#paused = true;
    this.#stream?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#stream?.resume();
  }

  /** The session ends; the service goes on. */
  end(): void {
    this.#ended = true;
    this.#stream?.destroy();
  }

  async #run(): Promise<void> {
    let seenMs = Date.now();
    let attachedBefore = false;
    while (!this.#ended && Date.now() - seenMs < GONE_MS) {
      const container = await this.#options.find().catch(() => ({ id: '', running: false }));
      if (container) seenMs = Date.now();
      if (container?.running && (await this.#follow(container.id, attachedBefore))) attachedBefore = true;
      await delay(LOOK_MS);
    }
    this.#resizer.stop();
    this.#events.onExit({ message: this.#ended ? undefined : `${this.#options.service} is no longer on this device.` });
  }

  /** Until the container ends. False: it could not be attached to. */
  async #follow(id: string, again: boolean): Promise<boolean> {
    const stream = await this.#terminals.attach(id).catch(() => undefined);
    if (!stream) return false;
    if (this.#ended) {
      stream.destroy();
      return true;
    }
    const isNew = this.#containerId !== id;
    this.#containerId = id;
    this.#stream = stream;
    if (again) this.#events.onData(Buffer.from(ANEW));
    const closed = new Promise<void>((resolve) => stream.once('close', resolve));
    stream.on('error', () => stream.destroy());
    stream.on('end', () => stream.destroy());
    // After a start anew the log holds what was cleared, too.
    if (isNew) await this.#tellEarlier(stream, id);
    stream.on('data', (bytes: Buffer) => this.#events.onData(bytes));
    if (this.#paused) stream.pause();
    await this.#redraw();
    await closed;
    this.#stream = undefined;
    return true;
  }

  /** The stream, which nobody reads yet, holds what comes meanwhile: the log is read after it began, so that nothing falls between. */
  async #tellEarlier(stream: Duplex, id: string): Promise<void> {
    const earlier = await this.#options.readEarlier(id).catch(() => Buffer.alloc(0));
    await delay(ON_ITS_WAY_MS);
    const first: Buffer = stream.read() ?? Buffer.alloc(0);
    this.#events.onData(earlier.subarray(0, whereStreamBegins(earlier, first)));
    this.#events.onData(first);
  }

  /** What is drawn by earlier output may be half of a picture: a change of size makes programs draw everything. */
  async #redraw(): Promise<void> {
    const { cols, rows } = this.#size;
    await this.#terminals.resizeContainer(this.#containerId, { cols, rows: rows > 1 ? rows - 1 : 2 }).catch(() => undefined);
    this.#resizer.resize(this.#size);
  }
}
