/** The recording of a session, from the first time somebody takes control; it begins with what is on the screen then. */
import type { Recording } from '#contracts/recording.ts';
import type { OpenRecording } from '../../recordings/open-recording.ts';
import { Asciicast } from './asciicast.ts';
import type { TerminalSize } from './program.ts';
import type { Screen } from './screen.ts';

export class SessionRecorder {
  #begin: () => Promise<OpenRecording>;
  #screen: Screen;
  #cast: Asciicast | undefined;
  #starting: Promise<void> | undefined;
  /** Output that came while the first picture was taken: it belongs behind it. */
  #early: Buffer[] | undefined;

  constructor(begin: () => Promise<OpenRecording>, screen: Screen) {
    this.#begin = begin;
    this.#screen = screen;
  }

  /** Asked for, whether the disk took it or not. */
  get begun(): boolean {
    return this.#starting !== undefined;
  }

  get startedAt(): string | undefined {
    return this.#cast?.startedAt;
  }

  /** Resolves when the recording has begun; a disk that refuses keeps nobody from typing. */
  start(size: () => TerminalSize, writer: () => string | undefined): Promise<void> {
    this.#starting ??= this.#start(size, writer).catch(() => undefined);
    return this.#starting;
  }

  output(bytes: Buffer): void {
    if (this.#early) this.#early.push(bytes);
    else this.#cast?.output(bytes, Date.now());
  }

  resize(size: TerminalSize): void {
    this.#cast?.resize(size, Date.now());
  }

  control(name: string | undefined): void {
    this.#cast?.control(name);
  }

  /** On disk when it resolves; undefined where nothing was recorded. */
  async end(exitCode: number | undefined): Promise<Recording | undefined> {
    await this.#starting;
    return this.#cast?.end(exitCode, Date.now());
  }

  async #start(size: () => TerminalSize, writer: () => string | undefined): Promise<void> {
    const recording = await this.#begin();
    const cast = new Asciicast(recording, size(), Date.now());
    cast.control(writer());
    const picture = this.#screen.snapshot();
    this.#early = [];
    this.#cast = cast;
    cast.output(await picture, Date.now());
    for (const bytes of this.#early) cast.output(bytes, Date.now());
    this.#early = undefined;
  }
}
