/** `npm run up` as a person runs it, in a home folder of its own that is gone afterwards. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openHome } from '#server/up/home.ts';
import { freePort } from './free-port.ts';
import { sweepContainers } from './sweep-containers.ts';

export interface RunningUp {
  home: string;
  stop(): Promise<void>;
}

interface UpSettings {
  /** Apart from the addresses of a hub somebody may be running beside it. */
  firstAddress: string;
  /** Absent: the three that a new user gets. */
  devices?: readonly string[];
}

export async function startUp({ firstAddress, devices }: UpSettings): Promise<RunningUp> {
  const home = await mkdtemp(join(tmpdir(), 'scorewall-e2e-'));
  const { fleet } = openHome(home);
  await sweepContainers(firstAddress, fleet);
  const [port, natsPort] = [await freePort('127.0.0.1'), await freePort('127.0.0.1')];
  const flags = ['--home', home, '--port', String(port), '--nats-port', String(natsPort), '--first-address', firstAddress];
  const up = spawn(
    process.execPath,
    ['server/up/bootstrap.mjs', ...flags, ...(devices ? ['--devices', devices.join(',')] : [])],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      // What the profile of whoever runs the tests does in a login shell is no part of them.
      env: { ...process.env, HOME: home, SCOREWALL_PACKAGES: join(home, 'packages'), SCOREWALL_UPDATE_SOAK_SECONDS: '1' },
    },
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
  return {
    home,
    stop: async () => {
      const ended = once(up, 'exit');
      up.kill('SIGTERM');
      await ended;
      await sweepContainers(firstAddress, fleet);
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
