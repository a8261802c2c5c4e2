/** Kills a process outright. An engine tells 0 where nothing runs, and to the kernel 0 is everybody here: the whole run of tests. */

export function killProcess(pid: number | undefined): void {
  if (pid === undefined || !Number.isInteger(pid) || pid < 2) throw new Error(`There is no process ${pid} to kill.`);
  process.kill(pid, 'SIGKILL');
}
