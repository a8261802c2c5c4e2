/** The container engine of the local devices: our own `podman system service`, with settings under which containers really start here. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EngineApi } from './engine-api.ts';
import { probeEngine } from './engine-probe.ts';
import { ensureHelloImages } from './hello-image.ts';
import type { Home } from './home.ts';
import { findOnPath } from './on-path.ts';
import { SetupError } from './setup-error.ts';
import type { Step } from './steps.ts';
import { Supervised } from './supervised.ts';

export interface LocalEngine {
  api: EngineApi;
  /** undefined: somebody else's service, which stays when we stop. */
  service: Supervised | undefined;
}

/**
 * Some hosts (containers without CAP_SYS_RESOURCE, cgroup v1) refuse podman's defaults. The first of these settings under
 * which a container starts is used; the empty one comes first, because the owner's own settings are the best where they work.
 */
const SETTINGS: readonly { name: string; text: string }[] = [
  { name: "the machine's settings", text: '' },
  { name: 'lower limits', text: '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n' },
  {
    name: 'runc and lower limits',
    text: '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n[engine]\nruntime = "runc"\n',
  },
  {
    name: 'runc, lower limits, no cgroups',
    text: '[containers]\ncgroups = "disabled"\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\n',
  },
];

interface EngineOptions {
  home: Home;
  /** Where what the hello image is made of is kept. */
  cacheFolder: string;
  /** A published port is tried there. */
  probeAddress: string;
  step: Step;
  warn(line: string): void;
  /** Told of each service before it is ready, so that a stop in between finds it. */
  started(service: Supervised): void;
}

export async function startEngine(options: EngineOptions): Promise<LocalEngine> {
  const podman = findOnPath('podman');
  const engine = podman ? await startPodman(podman, options) : await adoptRunning(options);
  const { kind, version } = await engine.api.version();
  options.step.done(`${kind} ${version}${engine.settings ? `, with ${engine.settings}` : ''}`);
  return engine;
}

type Started = LocalEngine & { settings: string };

async function startPodman(
  podman: string,
  { home, cacheFolder, probeAddress, step, warn, started }: EngineOptions,
): Promise<Started> {
  const configFile = path.join(home.run, 'containers.conf');
  const api = new EngineApi(home.socket('engine'));
  const refusals: string[] = [];
  for (const settings of lastGoodFirst(configFile)) {
    if (settings.text) writeFileSync(configFile, settings.text, { mode: 0o600 });
    else rmSync(configFile, { force: true });
    rmSync(api.socket, { force: true });
    const service = new Supervised(
      {
        name: 'engine',
        command: podman,
        args: ['system', 'service', '--time=0', `unix://${api.socket}`],
        env: settings.text ? { CONTAINERS_CONF: configFile } : {},
      },
      { home, warn },
    );
    started(service);
    await service.start(() => api.answers(), 20_000);
    if (await ensureHelloImages(api, cacheFolder, step.say)) step.say('put the hello image (versions 1 and 2) into podman');
    try {
      await probeEngine(api, probeAddress, home.fleet);
      return { api, service, settings: settings.text ? settings.name : '' };
    } catch (error) {
      refusals.push(`  with ${settings.name}: ${(error as Error).message}`);
      await service.stop(2000);
    }
  }
  throw new SetupError(
    `podman is here, but no container starts.\n${refusals.join('\n')}\nWithout it this machine has no local devices. Make \`podman run\` work, or start with --no-devices.`,
  );
}

function lastGoodFirst(configFile: string): typeof SETTINGS {
  const last = existsSync(configFile) ? readFileSync(configFile, 'utf8') : '';
  return [...SETTINGS].sort((a, b) => Number(b.text === last) - Number(a.text === last));
}

/** No podman program, but an engine that answers. */
async function adoptRunning({ home, cacheFolder, probeAddress, step }: EngineOptions): Promise<Started> {
  const user = process.getuid?.() ?? 0;
  const known = [
    '/run/podman/podman.sock',
    `/run/user/${user}/podman/podman.sock`,
    '/var/run/docker.sock',
    `/run/user/${user}/docker.sock`,
  ];
  for (const socket of known.filter((file) => existsSync(file))) {
    const api = new EngineApi(socket);
    if (!(await api.answers())) continue;
    if (await ensureHelloImages(api, cacheFolder, step.say)) step.say(`put the hello image into the engine at ${socket}`);
    await probeEngine(api, probeAddress, home.fleet);
    return { api, service: undefined, settings: '' };
  }
  throw new SetupError(
    'There is no container engine on this machine: neither podman nor an answering Docker. Install podman, or start with --no-devices.',
  );
}
