/** One recording being written: whole lines, up to its bound, with who had control and when. A full disk ends it, not the session. */
import { createWriteStream, type WriteStream } from 'node:fs';
import { Recording } from '#contracts/recording.ts';
import type { RecordingFile, RecordingSpool } from './spool.ts';

/** More than the disk takes: what comes then is left out. */
const UNWRITTEN_BYTES = 8 * 1024 ** 2;
const MAKE_ROOM_EVERY_BYTES = 8 * 1024 ** 2;
const PEOPLE_KEPT = 200;

export class OpenRecording {
  #spool: RecordingSpool;
  #file: RecordingFile;
  #stream: WriteStream;
  #bytes = 0;
  #roomMadeAt = 0;
  #saving: Promise<void> = Promise.resolve();
  #ended: Promise<Recording> | undefined;

  constructor(spool: RecordingSpool, file: RecordingFile) {
    this.#spool = spool;
    this.#file = file;
    this.#stream = createWriteStream(spool.castPath(file.id), { flags: 'a', mode: 0o600 });
    this.#stream.on('error', () => {
      this.#file.truncated = true;
    });
  }

  get id(): string {
    return this.#file.id;
  }

  get startedAt(): string {
    return this.#file.startedAt;
  }

  /** A line without its end. False: it reached a limit, and this and everything after it is left out. */
  write(line: string): boolean {
    if (this.#ended || this.#file.truncated) return false;
    const bytes = Buffer.byteLength(line) + 1;
    if (this.#bytes + bytes > this.#spool.limits.recordingBytes || this.#stream.writableLength > UNWRITTEN_BYTES) {
      this.#file.truncated = true;
      return false;
    }
    this.#bytes += bytes;
    this.#stream.write(`${line}\n`);
    if (this.#bytes - this.#roomMadeAt > MAKE_ROOM_EVERY_BYTES) {
      this.#roomMadeAt = this.#bytes;
      void this.#spool.makeRoom().catch(() => undefined);
    }
    return true;
  }

  /** From now on this person has control; undefined: nobody. */
  control(name: string | undefined): void {
    const at = new Date().toISOString();
    const last = this.#file.people.at(-1);
    if (last && !last.to) {
      if (last.name === name) return;
      last.to = at;
    }
    if (name && this.#file.people.length < PEOPLE_KEPT) this.#file.people.push({ name, from: at });
    this.#save();
  }

  /** It reached a limit of whoever writes it: this and everything after it is left out. */
  cut(): void {
    this.#file.truncated = true;
  }

  /** On disk in full once this resolves. */
  end(): Promise<Recording> {
    this.#ended ??= this.#finish();
    return this.#ended;
  }

  async #finish(): Promise<Recording> {
    const endedAt = new Date().toISOString();
    await new Promise<void>((resolve) => {
      if (this.#stream.errored || this.#stream.destroyed) return resolve();
      this.#stream.once('error', () => resolve());
      this.#stream.end(() => resolve());
    });
    this.#file.endedAt = endedAt;
    this.#file.bytes = this.#bytes;
    for (const one of this.#file.people) one.to ??= endedAt;
    this.#save();
    await this.#saving;
    await this.#spool.makeRoom().catch(() => undefined);
    return Recording.parse(this.#file);
  }

  /** One after the other: a later state never lands before an earlier one. */
  #save(): void {
    this.#saving = this.#saving.then(() => this.#spool.save(structuredClone(this.#file))).catch(() => undefined);
  }
}
