/** A file that one living process at a time holds: one supervisor a home, one build a checkout. A dead holder loses it. */
import { linkSync, rmSync } from 'node:fs';
import { isAlive, type PidRecord, readPidRecord, recordOf, removePidRecord, writePidRecord } from './pid-record.ts';

/** Gives the holder, if that is somebody else. */
export function claimFile(file: string, name: string): PidRecord | undefined {
  const mine = recordOf(name, process.pid)!;
  const draft = `${file}.${process.pid}`;
  writePidRecord(draft, mine);
  try {
    for (;;) {
      try {
        linkSync(draft, file);
        return undefined;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = readPidRecord(file);
      if (holder && isAlive(holder)) return holder.pid === mine.pid ? undefined : holder;
      removePidRecord(file);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

export function releaseFile(file: string): void {
  if (readPidRecord(file)?.pid === process.pid) removePidRecord(file);
}
