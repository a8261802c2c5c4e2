/** Log records out of the data of a log session: whole lines of JSON, cut anywhere by a resume. Pure. */
import { LONGEST_LINE_BYTES, LogRecord } from './log.ts';

declare const TextDecoder: new () => { decode(bytes: Uint8Array): string };

/** JSON of the longest line, each byte of it escaped as `\u00xx`, and its fields. */
const LONGEST_RECORD_BYTES = 6 * LONGEST_LINE_BYTES + 1_024;
const NEWLINE = 0x0a;

export class LogLines {
  /** Of the line begun; bounded by the longest record. */
  #begun: Uint8Array[] = [];
  #begunBytes = 0;
  #decoder = new TextDecoder();
  /** Lines that were no records: too long, or of another agent's making. */
  unreadable = 0;

  /** The records that `bytes` complete. */
  read(bytes: Uint8Array): LogRecord[] {
    const records: LogRecord[] = [];
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      const record = this.#record(bytes.subarray(start, end));
      if (record) records.push(record);
      start = end + 1;
    }
    if (start < bytes.length) this.#begin(bytes.subarray(start));
    return records;
  }

  #begin(part: Uint8Array): void {
    this.#begunBytes += part.length;
    if (this.#begunBytes <= LONGEST_RECORD_BYTES) this.#begun.push(part);
    else this.#begun = [];
  }

  #record(rest: Uint8Array): LogRecord | undefined {
    const length = this.#begunBytes + rest.length;
    const line = this.#begunBytes === 0 ? rest : join(this.#begun, rest);
    this.#begun = [];
    this.#begunBytes = 0;
    if (length === 0) return undefined;
    const record = length <= LONGEST_RECORD_BYTES ? parse(this.#decoder.decode(line)) : undefined;
    if (!record) this.unreadable++;
    return record;
  }
}

function join(parts: Uint8Array[], last: Uint8Array): Uint8Array {
  const all = [...parts, last];
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function parse(line: string): LogRecord | undefined {
  try {
    return LogRecord.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
