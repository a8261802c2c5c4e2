/** Everything one `up` runs: started in the order in which parts need each other, stopped in the reverse one. */
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import type { RunFile } from '#contracts/run-file.ts';
import { createOwnerLink, renewLocalToken } from '#server/auth/local-access.ts';
import { obtainNatsServer } from '#server/nats/binary.ts';
import { usesExistingCluster } from '#server/nats/hub-environment.ts';
import { AnchorApi, isAnchorReady } from './anchor-api.ts';
import { acceptsConnections } from './ask-port.ts';
import { build, bundleFile, projectRoot } from './build.ts';
import { adoptCluster, type Bus, startBus } from './bus.ts';
import { type LocalEngine, startEngine } from './engine.ts';
import type { EngineApi } from './engine-api.ts';
import { type FleetTls, prepareFleetTls } from './fleet-tls.ts';
import type { Home } from './home.ts';
import { type LocalDevice, startLocalDevices } from './local-devices.ts';
import type { UpOptions } from './options.ts';
import { killPtyHosts, stopPtyHosts } from './pty-hosts.ts';
import type { Step, Steps } from './steps.ts';
import { type Program, Supervised } from './supervised.ts';
import { obtainEngine } from './tools.ts';

/** What is fetched once for all hubs of this checkout. */
const TOOLS_FOLDER = path.join(projectRoot, '.scorewall');
/** The pages of the hello example are gone at once; what needs longer is ended, and is there again at the next start. */
const CONTAINER_GRACE_SECONDS = 2;
/** States of a container that need no stop. */
const AT_REST = ['created', 'configured', 'exited', 'dead'];
const GRACE_MS = { agent: 3000, engine: 2000, web: 3000, anchor: 3000, bus: 5000 } as const;

export class Stack {
  readonly tls: FleetTls | undefined;
  readonly url: string;
  readonly #options: UpOptions;
  readonly #home: Home;
  readonly #steps: Steps;
  #agents: Supervised[] = [];
  #engine: LocalEngine | undefined;
  #engineService: Supervised | undefined;
  #web: Supervised | undefined;
  #anchor: Supervised | undefined;
  #bus: Supervised | undefined;
  #stopping = false;

  constructor(options: UpOptions, home: Home, steps: Steps) {
    this.#options = options;
    this.#home = home;
    this.#steps = steps;
    this.tls = options.lan ? prepareFleetTls(home.keys) : undefined;
    this.url = this.tls ? `https://${this.tls.host}:${options.port}` : `http://127.0.0.1:${options.port}`;
  }

  async start(): Promise<RunFile> {
    const steps = this.#steps;
    // The engine needs nothing of the others: it is made ready while they start.
    const engine = this.#startEngine();
    engine.catch(() => undefined);
    const [bus] = await Promise.all([this.#startBus(), steps.run('build', build)]);
    const anchorSocket = this.#home.socket('anchor');
    // Devices need the anchor alone; the pages open meanwhile.
    const pages = steps.run('pages', (step) => this.#startWeb(bus, anchorSocket, step));
    pages.catch(() => undefined);
    await steps.run('anchor', (step) => this.#startAnchor(bus, anchorSocket, step));
    const nats = await bus.connect();
    const apiToken = await renewLocalToken(nats);
    const api = new AnchorApi(anchorSocket, apiToken);
    const devices = (await engine) ? await steps.run('devices', (step) => this.#startDevices(bus, api, step)) : [];
    await pages;
    const ownerLink = await createOwnerLink(nats, this.url);
    await nats.close();
    const runFile: RunFile = {
      url: this.url,
      natsUrl: bus.url,
      apiToken,
      adminCreds: bus.adminCreds,
      ownerLink,
      ...(this.tls ? { caFile: this.tls.caFile } : {}),
      devices: devices.map(({ name, address }) => ({ id: name, address, engineSocket: this.#engine!.api.socket })),
    };
    this.#writeRunFile(runFile);
    return runFile;
  }

  /** In order, each with a short grace; what was deployed is there again at the next start. */
  async stop(): Promise<void> {
    this.#stopping = true;
    rmSync(this.#home.runFile, { force: true });
    await Promise.all(this.#agents.map((agent) => agent.stop(GRACE_MS.agent)));
    await stopPtyHosts(this.#home.root);
    await this.#stopContainers();
    await this.#engineService?.stop(GRACE_MS.engine);
    await this.#web?.stop(GRACE_MS.web);
    await this.#anchor?.stop(GRACE_MS.anchor);
    await this.#bus?.stop(GRACE_MS.bus);
  }

  kill(): void {
    this.#stopping = true;
    rmSync(this.#home.runFile, { force: true });
    for (const one of [...this.#agents, this.#engineService, this.#web, this.#anchor, this.#bus]) one?.kill();
    killPtyHosts(this.#home.root);
  }

  async #startEngine(): Promise<boolean> {
    const [first] = this.#options.devices;
    if (!first) return false;
    if (!(await this.#steps.run('podman', obtainEngine))) return false;
    this.#engine = await this.#steps.run('engine', (step) =>
      startEngine({
        home: this.#home,
        cacheFolder: path.join(TOOLS_FOLDER, 'bin'),
        probeAddress: first.address,
        step,
        warn: this.#warn('engine'),
        started: (service) => {
          this.#engineService = this.#admit(service);
        },
      }),
    );
    return true;
  }

  async #startBus(): Promise<Bus> {
    const steps = this.#steps;
    if (usesExistingCluster(process.env)) {
      return steps.run('bus', async (step) => {
        const bus = await adoptCluster(this.#home, this.#warn('bus'));
        step.done(`the cluster at ${bus.url}`);
        return bus;
      });
    }
    const program = await steps.run('nats-server', async (step) => {
      const { path: found, version } = await obtainNatsServer({ stateDir: TOOLS_FOLDER, say: step.say });
      step.done(version);
      return found;
    });
    return steps.run('bus', (step) => {
      const port = this.#options.natsPort;
      step.done(`port ${port}, ${this.tls ? 'TLS, on every address' : 'loopback only'}`);
      return startBus({
        home: this.#home,
        program,
        port,
        tls: this.tls,
        warn: this.#warn('bus'),
        started: (process) => {
          this.#bus = this.#admit(process);
        },
      });
    });
  }

  async #startAnchor(bus: Bus, socket: string, step: Step): Promise<void> {
    rmSync(socket, { force: true });
    this.#anchor = this.#supervise('anchor', {
      name: 'anchor',
      command: process.execPath,
      args: ['--enable-source-maps', bundleFile('anchor')],
      env: {
        NODE_ENV: 'production',
        SCOREWALL_HOME: this.#home.root,
        SCOREWALL_ANCHOR_LISTEN: `unix:${socket}`,
        SCOREWALL_NATS_URL: bus.url,
        SCOREWALL_PUBLIC_NATS_URLS: this.tls ? `tls://${this.tls.host}:${this.#options.natsPort}` : bus.url,
        ...(this.tls ? { SCOREWALL_NATS_CA: this.tls.caFile } : {}),
      },
    });
    await this.#anchor.start(() => isAnchorReady(socket));
    step.done('answers');
  }

  async #startWeb(bus: Bus, anchorSocket: string, step: Step): Promise<void> {
    const { port } = this.#options;
    this.#web = this.#supervise('pages', {
      name: 'web',
      command: process.execPath,
      args: ['--enable-source-maps', bundleFile('web')],
      cwd: projectRoot,
      env: {
        NODE_ENV: 'production',
        SCOREWALL_WEB_HOST: this.tls ? '0.0.0.0' : '127.0.0.1',
        SCOREWALL_WEB_PORT: String(port),
        SCOREWALL_ANCHOR: `unix:${anchorSocket}`,
        SCOREWALL_NATS_WS: bus.websocket,
        ...(this.tls ? { SCOREWALL_TLS_CERT: this.tls.certFile, SCOREWALL_TLS_KEY: this.tls.keyFile } : {}),
      },
    });
    await this.#web.start(() => acceptsConnections(port));
    step.done(this.url);
  }

  async #startDevices(bus: Bus, api: AnchorApi, step: Step): Promise<readonly LocalDevice[]> {
    const { devices } = this.#options;
    const silent = await startLocalDevices(devices, {
      home: this.#home,
      api,
      engineSocket: this.#engine!.api.socket,
      natsUrls: bus.url.split(','),
      hubUrl: this.url,
      caFile: this.tls?.caFile,
      supervise: (program) => {
        const agent = this.#supervise('devices', program);
        this.#agents.push(agent);
        return agent;
      },
    });
    if (silent.length > 0)
      this.#steps.warn('devices', `no word yet from ${silent.join(', ')}; logs: ${this.#home.log(`agent-${silent[0]}`)}`);
    step.done(devices.map((one) => `${one.name} on ${one.address}`).join(', '));
    return devices;
  }

  async #stopContainers(): Promise<void> {
    const api = this.#engine?.api;
    if (!api) return;
    const all = await api.containersByLabel(`${CONTAINER_LABEL.fleet}=${this.#home.fleet}`).catch(() => []);
    const alive = all.filter(({ state }) => !AT_REST.includes(state));
    await Promise.all(alive.map(({ id }) => stopContainer(api, id)));
  }

  #writeRunFile(runFile: RunFile): void {
    const { runFile: file } = this.#home;
    writeFileSync(`${file}.new`, `${JSON.stringify(runFile, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }

  #supervise(step: string, program: Program): Supervised {
    return this.#admit(new Supervised(program, { home: this.#home, warn: this.#warn(step) }));
  }

  /** A process that would start while all others are being stopped must not. */
  #admit(process: Supervised): Supervised {
    if (this.#stopping) throw new Error('The hub is being stopped.');
    return process;
  }

  #warn = (name: string) => (line: string) => this.#steps.warn(name, line);
}

async function stopContainer(api: EngineApi, id: string): Promise<void> {
  const ended = sleep((CONTAINER_GRACE_SECONDS + 1) * 1000);
  const stopped = api.call('POST', `/containers/${id}/stop?t=${CONTAINER_GRACE_SECONDS}`).then(
    ({ status }) => status < 400,
    () => false,
  );
  // A stop that somebody began with a long grace makes ours wait behind it.
  if ((await Promise.race([stopped, ended])) !== true) await api.call('POST', `/containers/${id}/kill`).catch(() => undefined);
}
