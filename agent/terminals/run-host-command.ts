/** `scorewall-agent pty-host --config FILE`: started by the agent, never by hand. */
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigFile } from '../config/config-file.ts';
import { createLogger } from '../log.ts';

const LOG_BYTES = 1024 ** 2;

export async function runHostCommand(words: string[]): Promise<number> {
  const { config: path } = parseArgs({ args: words, options: { config: { type: 'string', short: 'c' } } }).values;
  if (!path) return 64;
  const silent = createLogger({ level: 'error', format: 'text', write: () => undefined });
  const { config } = await new ConfigFile(path, silent).load();
  mkdirSync(config.stateDir, { recursive: true, mode: 0o700 });
  // Only here: the agent itself has no use for terminals' code.
  const { runPtyHost } = await import('./pty-host/main.ts');
  const write = boundedWriter(join(config.stateDir, 'pty-host.log'));
  await runPtyHost(config, createLogger({ level: config.logLevel, format: 'text', write }));
  process.exit(0);
}

/** Starts anew with the process and stops at its bound. */
function boundedWriter(file: string): (line: string) => void {
  let bytes = 0;
  return (line) => {
    if (bytes === 0) rmSync(file, { force: true });
    bytes += Buffer.byteLength(line);
    if (bytes > LOG_BYTES) return;
    try {
      appendFileSync(file, line, { mode: 0o600 });
    } catch {
      // A full disk must not end anybody's terminal.
    }
  };
}
