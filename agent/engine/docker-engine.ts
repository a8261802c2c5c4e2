/** Docker over the Docker Engine API, version 1.41 (20.10) and later. */

import * as z from 'zod';
import { ContainerTerminals } from './container-terminals.ts';
import { dockerCreateBody } from './docker-create-body.ts';
import type {
  Container,
  ContainerDetails,
  ContainerSpec,
  ContainerState,
  Engine,
  EngineEvent,
  EngineLogLine,
  LabelFilter,
  LogLocation,
  PullProgress,
  ReadLogsOptions,
  WatchOptions,
} from './engine.ts';
import { EngineError } from './engine-error.ts';
import { EngineTransport } from './engine-transport.ts';
import { logLines } from './log-lines.ts';
import { encodeFilters, labelFilters } from './podman-engine.ts';
import { addressFrom, Created, healthWord, LogInspect, logLocationFrom, NetworkInspect } from './podman-replies.ts';
import { pullImage } from './pull-image.ts';

const API = 'v1.41';

const STATE: Readonly<Record<string, ContainerState>> = {
  created: 'created',
  running: 'running',
  paused: 'paused',
  removing: 'stopping',
  // Docker starts it again by itself after a pause that grows.
  restarting: 'exited',
  exited: 'exited',
};

const DockerList = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()),
    Image: z.string(),
    ImageID: z.string(),
    Labels: z.record(z.string(), z.string()).nullable(),
    State: z.string(),
    Status: z.string().describe('`Exited (1) 3 minutes ago`: the only place of the exit code in a list.'),
    Ports: z
      .array(
        z.object({ IP: z.string().optional(), PrivatePort: z.number(), PublicPort: z.number().optional(), Type: z.string() }),
      )
      .nullable(),
  }),
);

const Version = z.object({ Version: z.string() });

const DockerInspect = z.object({
  RestartCount: z.number(),
  State: z.object({ Health: z.object({ Status: z.string() }).nullish() }),
});

const DockerEvent = z.object({
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullable() }),
  timeNano: z.number(),
});

export class DockerEngine implements Engine {
  readonly kind = 'docker';
  readonly runsHealthchecks = true;
  readonly #transport: EngineTransport;

  constructor(socketPath: string) {
    this.#transport = new EngineTransport(socketPath);
  }

  async version(): Promise<string> {
    return (await this.#transport.get(`/${API}/version`, Version)).Version;
  }

  async listContainers(labels: LabelFilter, ids?: readonly string[]): Promise<Container[]> {
    const filters = encodeFilters({ label: labelFilters(labels), ...(ids ? { id: ids } : {}) });
    const rows = await this.#transport.get(`/${API}/containers/json?all=true&filters=${filters}`, DockerList);
    return rows.map(containerFromDocker);
  }

  async inspectContainer(id: string): Promise<ContainerDetails> {
    const reply = await this.#transport.get(`/${API}/containers/${id}/json`, DockerInspect);
    return { restarts: reply.RestartCount, health: healthWord(reply.State.Health?.Status) };
  }

  async addressOf(id: string): Promise<string | undefined> {
    return addressFrom(await this.#transport.get(`/${API}/containers/${id}/json`, NetworkInspect));
  }

  async logLocation(id: string): Promise<LogLocation> {
    return logLocationFrom(await this.#transport.get(`/${API}/containers/${id}/json`, LogInspect), { framesTerminals: false });
  }

  readLogs(id: string, { location, sinceSeconds, follow, signal }: ReadLogsOptions): AsyncIterable<EngineLogLine> {
    const query = `stdout=true&stderr=true&timestamps=true&since=${sinceSeconds}&follow=${follow}`;
    return logLines(this.#transport.bytes('GET', `/${API}/containers/${id}/logs?${query}`, signal), location.framed);
  }

  async terminals(): Promise<ContainerTerminals> {
    return new ContainerTerminals(this.#transport, `/${API}`);
  }

  /** The daemon is the parent of what it runs, so it knows. */
  async hasProcesses(): Promise<boolean> {
    return true;
  }

  async createContainer(spec: ContainerSpec): Promise<string> {
    if (spec.service.secrets?.length)
      throw new EngineError('secret-missing', 'Docker keeps no secrets outside a swarm; this service needs a device with podman');
    const path = `/${API}/containers/create?name=${encodeURIComponent(spec.name)}`;
    return (await this.#transport.post(path, Created, { body: dockerCreateBody(spec) })).Id;
  }

  async startContainer(id: string): Promise<void> {
    await this.#transport.send('POST', `/${API}/containers/${id}/start`);
  }

  /** Docker gives a port to a proxy of its own, which ends with the container. */
  async dropForgottenPorts(): Promise<void> {}

  async stopContainer(id: string, timeoutSeconds: number): Promise<void> {
    await this.#transport.send('POST', `/${API}/containers/${id}/stop?t=${timeoutSeconds}`, { timeoutMs: 0 });
  }

  async removeContainer(id: string): Promise<void> {
    await this.#transport.send('DELETE', `/${API}/containers/${id}?force=true&v=true`);
  }

  async renameContainer(id: string, name: string): Promise<void> {
    await this.#transport.send('POST', `/${API}/containers/${id}/rename?name=${encodeURIComponent(name)}`);
  }

  async runHealthcheck(id: string): Promise<boolean> {
    return (await this.inspectContainer(id)).health !== 'unhealthy';
  }

  pullImage(reference: string, onProgress: (progress: PullProgress) => void, signal: AbortSignal): Promise<void> {
    return pullImage(this.#transport, API, reference, onProgress, signal);
  }

  async removeImage(id: string): Promise<void> {
    await this.#transport.send('DELETE', `/${API}/images/${encodeURIComponent(id)}`);
  }

  async *watchEvents(labels: LabelFilter, { sinceMs, signal, onOpen }: WatchOptions): AsyncIterable<EngineEvent> {
    const filters = encodeFilters({ type: ['container'], label: labelFilters(labels) });
    const path = `/${API}/events?since=${Math.floor(sinceMs / 1000)}&filters=${filters}`;
    for await (const raw of this.#transport.lines('GET', path, signal, onOpen)) {
      const event = DockerEvent.safeParse(raw);
      if (event.success && event.data.timeNano / 1e6 >= sinceMs) yield eventFromDocker(event.data);
    }
    if (!signal.aborted) throw new EngineError('unreachable', 'Docker ended its stream of events');
  }
}

function containerFromDocker(row: z.infer<typeof DockerList>[number]): Container {
  return {
    id: row.Id,
    name: (row.Names[0] ?? '').replace(/^\//, ''),
    image: row.Image,
    imageId: row.ImageID.replace(/^sha256:/, ''),
    labels: row.Labels ?? {},
    state: STATE[row.State] ?? 'broken',
    pid: 0,
    exitCode: Number(/\((\d+)\)/.exec(row.State === 'running' ? '' : row.Status)?.[1] ?? 0),
    ports: (row.Ports ?? [])
      .filter((port) => port.PublicPort)
      .map((port) => `${port.IP || '0.0.0.0'}:${port.PublicPort}->${port.PrivatePort}/${port.Type}`),
  };
}

function eventFromDocker({ Action, Actor, timeNano }: z.infer<typeof DockerEvent>): EngineEvent {
  const { exitCode, ...labels } = Actor.Attributes ?? {};
  const kind: EngineEvent['kind'] =
    Action === 'start'
      ? 'started'
      : Action === 'die'
        ? 'died'
        : Action === 'destroy' || Action === 'remove'
          ? 'removed'
          : Action.startsWith('health_status')
            ? 'health'
            : 'other';
  return {
    containerId: Actor.ID,
    kind,
    atMs: timeNano / 1e6,
    labels,
    ...(kind === 'died' ? { exitCode: Number(exitCode ?? 0) } : {}),
  };
}
