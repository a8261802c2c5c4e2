/** The newest records of a service, kept up to date for whoever draws them small. */
import type { LogRecord, LogSource } from '#contracts/stream/log.ts';
import { History } from './history.ts';
import { type LogKey, type LogLine, logKey, recordOf } from './log-line.ts';
import type { LogStore } from './log-store.ts';

export interface LogTail {
  /**
   * Calls `onChange` with the last `count` records, oldest first: once as soon as they are read from the store, then after
   * each change, at most once per turn of the event loop. The array is the listener's own. The function ends it.
   */
  watch(source: LogSource, count: number, onChange: (records: readonly LogRecord[]) => void): () => void;
}

export class StoreTail implements LogTail {
  readonly #store: LogStore;

  constructor(store: LogStore) {
    this.#store = store;
  }

  watch(source: LogSource, count: number, onChange: (records: readonly LogRecord[]) => void): () => void {
    const key: LogKey = logKey(source);
    const ending = new AbortController();
    const beforeN = this.#store.lastN + 1;
    let lines: LogLine[] = [];
    let ready = false;
    let due = false;
    const tell = () => {
      due = false;
      if (!ending.signal.aborted) onChange(lines.slice(-count).map(recordOf));
    };
    const tellSoon = () => {
      if (due || !ready) return;
      due = true;
      setImmediate(tell);
    };
    const stop = this.#store.listen((line) => {
      if (line.key !== key) return;
      lines.push(line);
      if (lines.length > 2 * count) lines = lines.slice(-count);
      tellSoon();
    });
    const read = async () => {
      const before: LogLine[] = [];
      const history = new History(this.#store, { keys: [key], limit: count, beforeN }, ending.signal);
      for await (const some of history.read()) before.push(...some);
      lines = [...before, ...lines].slice(-count);
    };
    void read()
      // What is on the disk is only the beginning: what comes is shown without it too.
      .catch(() => undefined)
      .then(() => {
        ready = true;
        tellSoon();
      });
    return () => {
      ending.abort();
      stop();
    };
  }
}
