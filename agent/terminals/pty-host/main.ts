/** The pty host: a process of its own, so that terminals outlive the agent. It ends by itself when nobody needs it any more. */
import { chmodSync, mkdirSync, realpathSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AgentConfig } from '../../config/agent-config.ts';
import type { Logger } from '../../log.ts';
import { RecordingSpool } from '../../recordings/spool.ts';
import { chooseSocketPath, forgetHost, hashOf, writeHostRecord } from '../host-place.ts';
import { Pictures } from './pictures.ts';
import { programsOf } from './programs.ts';
import { HostServer } from './server.ts';
import { Sessions } from './sessions.ts';

const IDLE_MS = 60_000;
const CHECK_MS = 1_000;
const STOP_MS = 4_000;

/** Until it is no longer needed, or told to stop. True: another host does this already. */
export async function runPtyHost(config: AgentConfig, log: Logger): Promise<boolean> {
  mkdirSync(config.stateDir, { recursive: true, mode: 0o700 });
  const stateDir = realpathSync(config.stateDir);
  const lock = await holdName(`\0scorewall-pty-host-${hashOf(stateDir)}`);
  if (!lock) return true;

  // A program that fails must not take the others' terminals with it.
  process.on('uncaughtException', (error) => log.error({ error: error.stack }, 'Something failed in the pty host. It goes on.'));
  process.on('unhandledRejection', (error) =>
    log.error({ error: String(error) }, 'Something failed in the pty host. It goes on.'),
  );

  const spool = new RecordingSpool(stateDir, config.device);
  const server: HostServer = new HostServer({ sessions: () => sessions, pictures: () => pictures });
  const sessions = new Sessions({
    device: config.device,
    spool,
    publish: server.out,
    tell: server.tell,
    start: programsOf(config),
  });
  const pictures = new Pictures(sessions, server.picture);
  for (const recording of await spool.closeAbandoned('terminal').catch(() => []))
    server.tell({ kind: 'recording-ready', message: `The recording ${recording.id} was broken off and is ready.` });

  const socket = chooseSocketPath(stateDir);
  rmSync(socket, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    const mask = process.umask(0o177);
    server.server.listen(socket, () => resolve());
    process.umask(mask);
  });
  chmodSync(socket, 0o600);
  const record = writeHostRecord(stateDir, socket);
  const { ino } = statSync(socket);
  log.info({ socket }, 'The pty host is ready.');

  await new Promise<void>((resolve) => {
    const check = setInterval(() => {
      const idle = !server.hasAgent && sessions.living.length === 0 && Date.now() - server.aloneSinceMs > IDLE_MS;
      if (idle || !isThere(socket, ino)) done();
    }, CHECK_MS);
    const done = () => {
      clearInterval(check);
      resolve();
    };
    process.on('SIGTERM', done);
    process.on('SIGINT', done);
    // The terminal it was started from may close: that is no reason to end.
    process.on('SIGHUP', () => undefined);
  });

  setTimeout(() => process.exit(0), STOP_MS).unref();
  forgetHost(stateDir, record);
  await sessions.stop();
  server.close();
  lock.close();
  return false;
}

/** A host that cannot be reached any more, because its folder was removed or another took its place, is of no use. */
function isThere(path: string, ino: number): boolean {
  try {
    return statSync(path).ino === ino;
  } catch {
    return false;
  }
}

/** Held by the kernel until this process ends, however it ends. */
function holdName(name: string): Promise<{ close(): void } | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(name, () => resolve(server.unref()));
  });
}
