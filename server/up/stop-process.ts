/** Ends a process that leads its own group: asks first, then insists. */
import { isAlive, type PidRecord } from './pid-record.ts';
import { waitUntil } from './wait-until.ts';

/** True when it ended by itself after being asked. */
export async function stopProcess(record: PidRecord, graceMs: number): Promise<boolean> {
  signalGroup(record, 'SIGTERM');
  if (await waitUntil(() => !isAlive(record), { timeoutMs: graceMs, everyMs: 20 })) return true;
  signalGroup(record, 'SIGKILL');
  await waitUntil(() => !isAlive(record), { timeoutMs: 2000, everyMs: 20 });
  return false;
}

/** Children are started as leaders of a group of their own, so that what they started ends with them. */
export function signalGroup(record: PidRecord, signal: NodeJS.Signals): void {
  if (!isAlive(record)) return;
  for (const target of [-record.pid, record.pid]) {
    try {
      process.kill(target, signal);
      return;
    } catch {
      // No such group: the process was not its leader, or it has just ended.
    }
  }
}
