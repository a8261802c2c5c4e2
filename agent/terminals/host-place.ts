/** Where a pty host listens and how it is found again: a socket of its own user's only, and a record of the process. */
import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The kernel takes 107 bytes and an end. */
const SOCKET_PATH_BYTES = 100;

/** The form of the supervisor's own pid records, so that it can end a host that was left behind. */
export interface PtyHostRecord {
  name: string;
  pid: number;
  /** Boot and start time: a reused pid is another process. */
  started: string;
  socket: string;
}

export const hashOf = (stateDir: string) => createHash('sha256').update(stateDir).digest('hex').slice(0, 24);

const recordFile = (stateDir: string) => join(stateDir, 'pty-host.json');

/** Beside the state, or where that path would be too long, in a private folder of the temporary one. */
export function chooseSocketPath(stateDir: string): string {
  const beside = join(stateDir, 'pty-host.sock');
  if (Buffer.byteLength(beside) <= SOCKET_PATH_BYTES) return beside;
  const folder = join(tmpdir(), `scorewall-${process.getuid?.() ?? 0}-${hashOf(stateDir)}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid } = lstatSync(folder);
  if (!lstatSync(folder).isDirectory() || (process.getuid && uid !== process.getuid()))
    throw new Error(`${folder} belongs to somebody else. Terminals need it: remove it, or use a shorter state_dir.`);
  chmodSync(folder, 0o700);
  return join(folder, 'pty-host.sock');
}

export function writeHostRecord(stateDir: string, socket: string): PtyHostRecord {
  const record = { name: 'pty-host', pid: process.pid, started: startOf(process.pid) ?? '', socket };
  writeFileSync(`${recordFile(stateDir)}.new`, `${JSON.stringify(record)}\n`, { mode: 0o600 });
  renameSync(`${recordFile(stateDir)}.new`, recordFile(stateDir));
  return record;
}

export function readHostRecord(stateDir: string): PtyHostRecord | undefined {
  try {
    const value = JSON.parse(readFileSync(recordFile(stateDir), 'utf8')) as Partial<PtyHostRecord>;
    const { name, pid, started, socket } = value;
    if (typeof name !== 'string' || !Number.isInteger(pid) || typeof started !== 'string' || typeof socket !== 'string')
      return undefined;
    return { name, pid: pid!, started, socket };
  } catch {
    return undefined;
  }
}

/** Only one's own: a successor may have written its own meanwhile. */
export function forgetHost(stateDir: string, { pid, socket }: PtyHostRecord): void {
  if (readHostRecord(stateDir)?.pid !== pid) return;
  rmSync(recordFile(stateDir), { force: true });
  rmSync(socket, { force: true });
}

export const isHostAlive = (record: PtyHostRecord): boolean => startOf(record.pid) === record.started;

function startOf(pid: number): string | undefined {
  try {
    // Of its first thread, which says the same: an emulator of another processor makes up what a process reads of itself.
    const stat = readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    return undefined;
  }
}
