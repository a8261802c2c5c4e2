/** Ends the local devices' terminals: they outlive an agent on purpose, and must not outlive the hub they were opened from. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { isAlive, readPidRecord, removePidRecord } from './pid-record.ts';
import { signalGroup, stopProcess } from './stop-process.ts';

/** Recordings are written to their end. */
const GRACE_MS = 4_000;

/** How many still ran. */
export async function stopPtyHosts(homeRoot: string): Promise<number> {
  const running = records(homeRoot).filter(({ record }) => isAlive(record));
  await Promise.all(
    running.map(async ({ file, record }) => {
      await stopProcess(record, GRACE_MS);
      removePidRecord(file);
    }),
  );
  return running.length;
}

export function killPtyHosts(homeRoot: string): void {
  for (const { record } of records(homeRoot)) signalGroup(record, 'SIGKILL');
}

/** The host writes its own record, in the same form as ours. */
function records(homeRoot: string) {
  const devices = path.join(homeRoot, 'devices');
  return readdirSync(devices).flatMap((name) => {
    const file = path.join(devices, name, 'state', 'pty-host.json');
    const record = readPidRecord(file);
    return record ? [{ file, record }] : [];
  });
}
