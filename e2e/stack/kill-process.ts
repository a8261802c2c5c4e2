/** Kills a process outright. An engine tells 0 where nothing runs, and to the kernel 0 is everybody here: the whole run of tests. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

export function killProcess(pid: number | undefined): void {
  if (pid === undefined || !Number.isInteger(pid) || pid < 2) throw new Error(`There is no process ${pid} to kill.`);
  process.kill(pid, 'SIGKILL');
}

/** Pulls the plug of one that may have ended by itself. */
export async function killChild(child: ChildProcess | undefined): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
