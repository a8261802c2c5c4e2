/** The face of a service's log: its last lines, whole every time. */
import type { Face, LogPeek } from '#contracts/peek.ts';
import type { LogRecord } from '#contracts/stream/log.ts';
import type { LogTail } from '../logs/log-tail.ts';
import { type FaceMaker, TickingFeed } from './peek-feed.ts';
import type { ServiceWords } from './service-words.ts';

export type LogFace = Extract<Face, { kind: 'log' }>;

const LONGEST_LINE = 400;

export function logFace(tail: LogTail, words: ServiceWords): FaceMaker<LogFace> {
  return {
    whyNot: (face) => words.whyNotHere(face),
    start: (face, pace, sink) => {
      let records: readonly LogRecord[] = [];
      let changed = false;
      let seq = 0;
      let { rows } = pace;
      const listen = () =>
        tail.watch(face, rows, (newest) => {
          records = newest;
          changed = true;
          sink.tell(newest.length === 0 ? words.noLines(face) : undefined);
        });
      let stopListening = listen();
      const make = (whole: boolean) => {
        if (!changed && !(whole && records.length > 0)) return undefined;
        changed = false;
        return encodeLogPeek(records.slice(-rows), seq++);
      };
      const feed = new TickingFeed(pace, sink, make, () => stopListening());
      return {
        setPace: (next) => {
          if (next.rows !== rows) {
            stopListening();
            rows = next.rows;
            stopListening = listen();
          }
          feed.setPace(next);
        },
        resync: () => feed.resync(),
        stop: () => feed.stop(),
      };
    },
  };
}

function encodeLogPeek(records: readonly LogRecord[], seq: number): Uint8Array {
  const lines = records.map((record) => ({ t: record.t, o: record.o, x: lineOf(record).slice(0, LONGEST_LINE) }));
  const peek: LogPeek = { kind: 'log', seq, at: Date.now(), lines };
  return new TextEncoder().encode(JSON.stringify(peek));
}

const lineOf = (record: LogRecord): string => (record.o === 'gap' ? `${record.lines} lines are not here.` : record.x);
