/** Memory and processor time of a process, as the kernel counts them. */
import { readdir, readFile } from 'node:fs/promises';

/** Resident memory, in bytes. */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * 1024;
}

/** Time on a processor since the process began, in milliseconds: of all its threads, to the nanosecond, unlike `stat`'s ticks of 10 ms. */
export async function processorMs(pid: number): Promise<number> {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = await Promise.all(
    threads.map(async (thread) => {
      const text = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
      return Number(text.split(' ')[0]) / 1e6;
    }),
  );
  return times.reduce((sum, ms) => sum + ms, 0);
}

/** Share of one core used while `work` runs, from 0 to the number of cores. */
export async function coreShare(pid: number, work: () => Promise<unknown>): Promise<number> {
  const [startedAt, before] = [performance.now(), await processorMs(pid)];
  await work();
  return ((await processorMs(pid)) - before) / (performance.now() - startedAt);
}
