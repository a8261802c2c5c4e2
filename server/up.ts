/** `scorewall up`: checks this machine, starts the hub and its local devices, and keeps them running until it is told to stop. */
import { statfsSync } from 'node:fs';
import path from 'node:path';
import { PROJECT_VERSION } from './up/build.ts';
import { claimFile, releaseFile } from './up/exclusive-file.ts';
import { requireFreePort } from './up/free-port.ts';
import { type Home, openHome } from './up/home.ts';
import { parseUpOptions, UP_HELP, type UpOptions } from './up/options.ts';
import { stopOrphans } from './up/orphans.ts';
import { stopPtyHosts } from './up/pty-hosts.ts';
import { readRunUrl } from './up/run-url.ts';
import { SetupError } from './up/setup-error.ts';
import { Stack } from './up/stack.ts';
import { Steps, seconds } from './up/steps.ts';
import { welcome } from './up/welcome.ts';

export async function main(args: readonly string[]): Promise<void> {
  const options = parseUpOptions(args, process.cwd());
  if (!options) return void process.stdout.write(UP_HELP);
  const steps = new Steps((text) => process.stdout.write(text), process.stdout.isTTY);
  const home = openHome(options.home);
  const lock = path.join(home.run, 'up.json');
  const holder = claimFile(lock, 'up');
  if (holder) {
    throw new SetupError(
      `Scorewall already runs with the home ${home.root} (process ${holder.pid})${readRunUrl(home)}. Nothing was started. Stop it there with Ctrl-C, or use another --home.`,
    );
  }
  try {
    await run(options, home, steps);
  } catch (error) {
    releaseFile(lock);
    throw error;
  }
}

async function run(options: UpOptions, home: Home, steps: Steps): Promise<void> {
  steps.print(`Scorewall ${PROJECT_VERSION}`);
  const orphans = await stopOrphans(home.pids);
  if ((await stopPtyHosts(home.root)) > 0) orphans.push('terminals');
  if (orphans.length > 0) steps.say('clean-up', `an earlier start was killed; ended what it left: ${orphans.join(', ')}`);
  await steps.run('machine', async (step) => {
    const host = options.lan ? '0.0.0.0' : '127.0.0.1';
    await requireFreePort(host, options.port, '--port');
    await requireFreePort(host, options.natsPort, '--nats-port');
    const { bavail, bsize } = statfsSync(home.root);
    step.done(
      `${process.arch}, Node ${process.versions.node}, ${Math.floor((bavail * bsize) / 1e9)} GB free, ports ${options.port} and ${options.natsPort} free`,
    );
  });
  const stack = new Stack(options, home, steps);
  const stopped = stopOnSignals(stack, steps, path.join(home.run, 'up.json'));
  try {
    const runFile = await stack.start();
    steps.print(welcome(runFile, stack.tls));
    steps.print(`ready ${runFile.url}`);
  } catch (error) {
    // A start that was interrupted fails in many ways; none of them is news.
    if (stopped.requested) return;
    steps.mute();
    await stack.stop();
    throw error;
  }
}

/** The first signal stops everything in order, the second at once. */
function stopOnSignals(stack: Stack, steps: Steps, lock: string): { requested: boolean } {
  const state = { requested: false };
  const stop = async () => {
    if (state.requested) {
      stack.kill();
      releaseFile(lock);
      process.exit(1);
    }
    state.requested = true;
    const startedAt = performance.now();
    steps.mute();
    steps.print('\nStopping. Once more to stop at once.');
    await stack.stop();
    releaseFile(lock);
    steps.print(`Stopped in ${seconds(performance.now() - startedAt)}. What you deployed is there again at the next start.`);
    process.exit(0);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());
  return state;
}
