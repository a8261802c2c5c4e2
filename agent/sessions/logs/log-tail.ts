/** The newest records of a service, kept up to date for whoever draws them small. */
import type { LogRecord, LogSource } from '#contracts/stream/log.ts';

export interface LogTail {
  /**
   * Calls `onChange` with the last `count` records, oldest first: once as soon as they are read from the store, then after
   * each change, at most once per turn of the event loop. The array is the listener's own. The function ends it.
   */
  watch(source: LogSource, count: number, onChange: (records: readonly LogRecord[]) => void): () => void;
}
