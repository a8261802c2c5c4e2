/** One agent a state folder: two of them would undo each other's work. */
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** An agent that was just stopped needs a moment to leave. */
const ATTEMPTS = 50;
const BETWEEN_MS = 100;

/**
 * Holds the state folder until `release`. An abstract socket is the lock, because the kernel frees it with the process,
 * however that ends. Undefined where another agent keeps holding it.
 */
export async function holdStateDir(stateDir: string): Promise<{ release(): Promise<void> } | undefined> {
  await mkdir(stateDir, { recursive: true, mode: 0o700 });
  const name = `\0scorewall-agent-${createHash('sha256').update(realpathSync(stateDir)).digest('hex').slice(0, 32)}`;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const server = await listen(name);
    if (server) return { release: () => new Promise((resolve) => server.close(() => resolve())) };
    await delay(BETWEEN_MS);
  }
  return undefined;
}

function listen(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)));
    server.listen(name, () => resolve(server.unref()));
  });
}
