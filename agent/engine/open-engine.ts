/** Finds the device's container engine: podman first, else Docker. It may come up long after the agent does. */
import { existsSync } from 'node:fs';
import { DockerEngine } from './docker-engine.ts';
import type {
  ContainerSpec,
  Engine,
  EngineEvent,
  EngineLogLine,
  LabelFilter,
  PullProgress,
  ReadLogsOptions,
  WatchOptions,
} from './engine.ts';
import { EngineError } from './engine-error.ts';
import { EngineTransport } from './engine-transport.ts';
import { PodmanEngine } from './podman-engine.ts';

/** Without a path: the sockets that podman and Docker use by default, the current user's before the machine's. */
export function openEngine(socketPath?: string): Engine {
  return new LateEngine(
    socketPath ? [socketPath.replace(/^unix:\/\//, '')] : defaultSockets(process.env, process.getuid?.() ?? 0),
  );
}

export function defaultSockets(env: NodeJS.ProcessEnv, uid: number): string[] {
  const named = [env.CONTAINER_HOST, env.DOCKER_HOST].flatMap((host) => (host?.startsWith('unix://') ? [host.slice(7)] : []));
  const runtime = env.XDG_RUNTIME_DIR ?? `/run/user/${uid}`;
  const podman = uid === 0 ? ['/run/podman/podman.sock'] : [`${runtime}/podman/podman.sock`, '/run/podman/podman.sock'];
  return [...named, ...podman, `${runtime}/docker.sock`, '/run/docker.sock', '/var/run/docker.sock'];
}

/** Asks which engine answers at the first use that gets an answer, and is that engine from then on. */
class LateEngine implements Engine {
  readonly #sockets: readonly string[];
  #found: Engine | undefined;
  #looking: Promise<Engine> | undefined;

  constructor(sockets: readonly string[]) {
    this.#sockets = sockets;
  }

  get kind() {
    return this.#found?.kind ?? 'none';
  }

  get runsHealthchecks() {
    return this.#found?.runsHealthchecks ?? false;
  }

  #engine(): Promise<Engine> {
    if (this.#found) return Promise.resolve(this.#found);
    this.#looking ??= findEngine(this.#sockets)
      .then((engine) => {
        this.#found = engine;
        return engine;
      })
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  version = async () => (await this.#engine()).version();
  listContainers = async (labels: LabelFilter, ids?: readonly string[]) => (await this.#engine()).listContainers(labels, ids);
  inspectContainer = async (id: string) => (await this.#engine()).inspectContainer(id);
  addressOf = async (id: string) => (await this.#engine()).addressOf(id);
  terminals = async () => (await this.#engine()).terminals();
  hasProcesses = async (id: string) => (await this.#engine()).hasProcesses(id);
  logLocation = async (id: string) => (await this.#engine()).logLocation(id);
  createContainer = async (spec: ContainerSpec) => (await this.#engine()).createContainer(spec);
  startContainer = async (id: string) => (await this.#engine()).startContainer(id);
  dropForgottenPorts = async () => (await this.#engine()).dropForgottenPorts();
  stopContainer = async (id: string, timeoutSeconds: number) => (await this.#engine()).stopContainer(id, timeoutSeconds);
  removeContainer = async (id: string) => (await this.#engine()).removeContainer(id);
  renameContainer = async (id: string, name: string) => (await this.#engine()).renameContainer(id, name);
  runHealthcheck = async (id: string) => (await this.#engine()).runHealthcheck(id);
  removeImage = async (id: string) => (await this.#engine()).removeImage(id);
  pullImage = async (reference: string, onProgress: (progress: PullProgress) => void, signal: AbortSignal) =>
    (await this.#engine()).pullImage(reference, onProgress, signal);

  async *readLogs(id: string, options: ReadLogsOptions): AsyncIterable<EngineLogLine> {
    yield* (await this.#engine()).readLogs(id, options);
  }

  async *watchEvents(labels: LabelFilter, options: WatchOptions): AsyncIterable<EngineEvent> {
    yield* (await this.#engine()).watchEvents(labels, options);
  }
}

async function findEngine(sockets: readonly string[]): Promise<Engine> {
  let last: unknown;
  for (const socket of sockets.filter((path) => existsSync(path))) {
    try {
      const podman = await new EngineTransport(socket).podmanVersion();
      return podman === undefined ? new DockerEngine(socket) : new PodmanEngine(socket);
    } catch (error) {
      last = error;
    }
  }
  throw new EngineError('unreachable', last instanceof Error ? last.message : `no engine at ${sockets.join(', ')}`, {
    cause: last,
  });
}
