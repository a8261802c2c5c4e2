/**
 * Numbers that are never given twice, also after a power cut: a range is put down on disk before a number of it is given, and a
 * start goes on behind the last range.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

const RANGE = 100_000;
/** On a full disk nothing is stored either: go on, and try again after so many. */
const WITHOUT_DISK = 1_000;

export class LineNumbers {
  readonly #path: string;
  #next: number;
  #end: number;

  /** `atLeast`: the first number to give, where the file was lost. */
  constructor(path: string, atLeast: number) {
    this.#path = path;
    this.#next = Math.max(atLeast, readEnd(path));
    this.#end = this.#next;
  }

  get last(): number {
    return this.#next - 1;
  }

  take(): number {
    if (this.#next >= this.#end) this.#reserve();
    return this.#next++;
  }

  /** Nothing of the range is lost where the end is an orderly one. */
  giveBack(): void {
    if (this.#write(this.#next)) this.#end = this.#next;
  }

  #reserve(): void {
    this.#end = this.#next + (this.#write(this.#next + RANGE) ? RANGE : WITHOUT_DISK);
  }

  #write(end: number): boolean {
    try {
      this.#replace(`${end}\n`);
      return true;
    } catch {
      return false;
    }
  }

  #replace(text: string): void {
    const aside = `${this.#path}.new`;
    const file = openSync(aside, 'w', 0o600);
    try {
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(aside, this.#path);
  }
}

function readEnd(path: string): number {
  try {
    const end = Number(readFileSync(path, 'utf8'));
    return Number.isSafeInteger(end) && end > 0 ? end : 1;
  } catch {
    return 1;
  }
}
