/** A podman service of our own on the machine's store: killed and started again at will, and asked what is really there. */
import { existsSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import { startEngine } from '#server/up/engine.ts';
import { EngineApi } from '#server/up/engine-api.ts';
import { openHome } from '#server/up/home.ts';
import { findOnPath } from '#server/up/on-path.ts';
import { Program } from './program.ts';

export interface SeenContainer {
  id: string;
  name: string;
  image: string;
  /** `running`, `exited`, `created` ... in the engine's word. */
  state: string;
  labels: Readonly<Record<string, string>>;
}

export class PodmanService {
  readonly socket: string;
  readonly api: EngineApi;
  /** The settings under which containers start on this machine; for the podman command too. */
  readonly env: Readonly<Record<string, string>>;
  #program: Program;

  /** `registriesConf`: a file that allows the loopback registry without TLS. */
  static async start(folder: string, probeAddress: string, registriesConf: string): Promise<PodmanService> {
    const env = { ...(await findSettings(folder, probeAddress)), CONTAINERS_REGISTRIES_CONF: registriesConf };
    const service = new PodmanService(join(folder, 'engine.sock'), env);
    await service.start();
    return service;
  }

  private constructor(socket: string, env: Readonly<Record<string, string>>) {
    this.socket = socket;
    this.api = new EngineApi(socket);
    this.env = env;
    this.#program = new Program({
      name: 'podman service',
      command: findOnPath('podman') ?? 'podman',
      args: ['system', 'service', '--time=0', `unix://${socket}`],
      env,
    });
  }

  get pid(): number {
    return this.#program.pid;
  }

  async start(): Promise<void> {
    rmSync(this.socket, { force: true });
    this.#program.start();
    await this.#program.ready(() => this.api.answers());
  }

  kill(): Promise<void> {
    return this.#program.kill('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }

  /** All containers with this label and value, whatever their state. */
  async containers(label: keyof typeof CONTAINER_LABEL, value: string): Promise<SeenContainer[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [`${CONTAINER_LABEL[label]}=${value}`] }));
    const all = JSON.parse((await this.api.expect('GET', `/containers/json?all=true&filters=${filters}`)).toString()) as {
      Id: string;
      Names: string[];
      Image: string;
      State: string;
      Labels: Record<string, string>;
    }[];
    return all.map(({ Id, Names, Image, State, Labels }) => ({
      id: Id,
      name: (Names[0] ?? '').replace(/^\//, ''),
      image: Image,
      state: State,
      labels: Labels,
    }));
  }

  async startedAt(id: string): Promise<string> {
    return (await this.#inspect(id)).State.StartedAt;
  }

  async mainPid(id: string): Promise<number> {
    return (await this.#inspect(id)).State.Pid;
  }

  /** The engine's monitor of the container first, then its main process: together they leave without a word. */
  async pidsOf(id: string): Promise<number[]> {
    const main = await this.mainPid(id);
    const status = await readFile(`/proc/${main}/status`, 'utf8');
    return [Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]), main];
  }

  async removeContainer(id: string): Promise<void> {
    await this.api.call('DELETE', `/containers/${id}?force=true&v=true`);
  }

  async #inspect(id: string): Promise<{ State: { StartedAt: string; Pid: number } }> {
    return JSON.parse((await this.api.expect('GET', `/containers/${id}/json`)).toString());
  }
}

/** `up` finds by trial under which settings a container starts here; it also brings the hello images. */
async function findSettings(folder: string, probeAddress: string): Promise<Record<string, string>> {
  const home = openHome(folder);
  const engine = await startEngine({
    home,
    cacheFolder: home.run,
    probeAddress,
    step: { say: () => undefined, done: () => undefined },
    warn: () => undefined,
    started: () => undefined,
  });
  await engine.service?.stop(5_000);
  const settings = join(home.run, 'containers.conf');
  return existsSync(settings) ? { CONTAINERS_CONF: settings } : {};
}
