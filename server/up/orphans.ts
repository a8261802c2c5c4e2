/** Ends what an earlier `up` of this home left running when it was killed. Never touches a process it cannot prove to be one of those. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isAlive, readPidRecord, removePidRecord } from './pid-record.ts';
import { stopProcess } from './stop-process.ts';

const GRACE_MS = 3000;

/** Names of the processes that were still there. */
export async function stopOrphans(pidsFolder: string): Promise<string[]> {
  const files = readdirSync(pidsFolder).filter((name) => name.endsWith('.json'));
  const stopped = await Promise.all(
    files.map(async (name) => {
      const file = path.join(pidsFolder, name);
      const record = readPidRecord(file);
      const alive = record !== undefined && isAlive(record);
      if (alive) await stopProcess(record, GRACE_MS);
      removePidRecord(file);
      return alive ? [record.name] : [];
    }),
  );
  return stopped.flat().sort();
}
