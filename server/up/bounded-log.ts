/** The log of one supervised process: never larger than twice `maxBytes`, because the older half lives in `<file>.1`. */
import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';

const TAIL_BYTES = 4096;

export class BoundedLog {
  readonly file: string;
  readonly #maxBytes: number;
  #descriptor: number;
  #sizeBytes: number;
  #tail = Buffer.alloc(0);

  constructor(file: string, maxBytes = 5 * 1024 * 1024) {
    this.file = file;
    this.#maxBytes = maxBytes;
    this.#descriptor = openSync(file, 'a', 0o600);
    this.#sizeBytes = fstatSync(this.#descriptor).size;
  }

  write(chunk: Buffer): void {
    if (this.#sizeBytes > 0 && this.#sizeBytes + chunk.length > this.#maxBytes) this.#turnOver();
    writeSync(this.#descriptor, chunk);
    this.#sizeBytes += chunk.length;
    this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-TAIL_BYTES);
  }

  /** The last lines since this object was made, to show when a process will not start. */
  lastLines(count: number): string[] {
    return this.#tail.toString('utf8').split('\n').filter(Boolean).slice(-count);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #turnOver(): void {
    closeSync(this.#descriptor);
    renameSync(this.file, `${this.file}.1`);
    this.#descriptor = openSync(this.file, 'w', 0o600);
    this.#sizeBytes = 0;
  }
}
