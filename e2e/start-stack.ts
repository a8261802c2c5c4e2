/** Starts the real thing for the browser suite, exactly as `npm run up` does, in a home folder of its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** Apart from the addresses of a hub somebody may be running beside the tests. */
const FIRST_ADDRESS = '127.0.4.11';

export default async function startStack(): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'scorewall-e2e-'));
  const [port, natsPort] = [await freePort(), await freePort()];
  const up = spawn(
    process.execPath,
    [
      'server/up/bootstrap.mjs',
      '--home',
      home,
      '--port',
      String(port),
      '--nats-port',
      String(natsPort),
      '--first-address',
      FIRST_ADDRESS,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'], env: process.env },
  );
  const said: string[] = [];
  const lines = createInterface({ input: up.stdout });
  await new Promise<void>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line);
      if (line.startsWith('ready ')) resolve();
    });
    up.once('exit', (code) => reject(new Error(`up ended with ${code} before it was ready:\n${said.join('\n')}`)));
  });
  process.env.SCOREWALL_E2E_HOME = home;

  return async () => {
    const ended = once(up, 'exit');
    up.kill('SIGTERM');
    await ended;
    await rm(home, { recursive: true, force: true });
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}
