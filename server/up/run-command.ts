/** Runs a program of the set-up to its end and keeps what it says for the case that it fails. */
import { type SpawnOptions, spawn } from 'node:child_process';

export interface CommandResult {
  code: number;
  /** Standard output and standard error as they came. */
  output: string;
}

interface CommandOptions extends Pick<SpawnOptions, 'cwd' | 'env'> {
  /** Ends with this process. Not for what must not be cut off, such as an installation. */
  bound?: boolean;
}

/** Never throws: a program that cannot be started has code 127. */
export function runCommand(
  command: string,
  args: readonly string[],
  { bound = false, ...options }: CommandOptions = {},
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    const endWithUs = () => child.kill('SIGTERM');
    if (bound) process.on('exit', endWithUs);
    const end = (code: number, more = '') => {
      process.off('exit', endWithUs);
      resolve({ code, output: Buffer.concat(chunks).toString('utf8') + more });
    };
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('error', (error) => end(127, error.message));
    child.on('close', (code) => end(code ?? 1));
  });
}

export const lastLines = (text: string, count: number): string =>
  text
    .split('\n')
    .filter((line) => line.trim())
    .slice(-count)
    .map((line) => `  ${line}`)
    .join('\n');
