/** Remembers a process beyond our own life: its pid together with when it started, so that a reused pid is never mistaken for it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

export interface PidRecord {
  name: string;
  pid: number;
  /** Opaque: equal for the same process, different for any other that gets the pid later, even after a reboot. */
  started: string;
}

/** undefined: there is no such process. */
export function processStart(pid: number): string | undefined {
  return process.platform === 'linux' ? linuxProcessStart(pid) : otherProcessStart(pid);
}

function linuxProcessStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may hold anything, brackets and spaces too.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    if (state === 'Z' || state === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}

function otherProcessStart(pid: number): string | undefined {
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}

export function isAlive(record: PidRecord): boolean {
  return processStart(record.pid) === record.started;
}

export function recordOf(name: string, pid: number): PidRecord | undefined {
  const started = processStart(pid);
  return started === undefined ? undefined : { name, pid, started };
}

export function writePidRecord(file: string, record: PidRecord): void {
  writeFileSync(file, `${JSON.stringify(record)}\n`, { mode: 0o600 });
}

export function readPidRecord(file: string): PidRecord | undefined {
  try {
    const value = JSON.parse(readFileSync(file, 'utf8')) as Partial<PidRecord>;
    const { name, pid, started } = value;
    if (typeof name !== 'string' || !Number.isInteger(pid) || typeof started !== 'string') return undefined;
    return { name, pid: pid as number, started };
  } catch {
    // Missing, or cut off by a power loss: either way it names no process.
    return undefined;
  }
}

export function removePidRecord(file: string): void {
  rmSync(file, { force: true });
}
