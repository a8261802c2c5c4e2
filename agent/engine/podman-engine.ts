/** Podman over its own REST API (libpod), version 4 and later. */

import { ContainerTerminals } from './container-terminals.ts';
import type {
  Container,
  ContainerDetails,
  ContainerSpec,
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
import { podmanCreateBody } from './podman-create-body.ts';
import * as podman from './podman-replies.ts';
import { pullImage } from './pull-image.ts';

const API = 'v4.0.0';
const LIBPOD = `/${API}/libpod`;
const FORGOTTEN_PORTS_LISTS = 30;
const FORGOTTEN_PORTS_MS = 500;

export class PodmanEngine implements Engine {
  readonly kind = 'podman';
  readonly runsHealthchecks = false;
  readonly #transport: EngineTransport;

  constructor(socketPath: string) {
    this.#transport = new EngineTransport(socketPath);
  }

  async version(): Promise<string> {
    const version = await this.#transport.podmanVersion();
    if (version === undefined) throw new EngineError('unreachable', 'what answers at the socket of podman is not podman');
    return version;
  }

  async listContainers(labels: LabelFilter, ids?: readonly string[]): Promise<Container[]> {
    const filters = encodeFilters({ label: labelFilters(labels), ...(ids ? { id: ids } : {}) });
    const rows = await this.#transport.get(`${LIBPOD}/containers/json?all=true&filters=${filters}`, podman.PodmanList);
    return rows.map(podman.containerFromPodman);
  }

  async inspectContainer(id: string): Promise<ContainerDetails> {
    return podman.detailsFromPodman(await this.#transport.get(`${LIBPOD}/containers/${id}/json`, podman.PodmanInspect));
  }

  async addressOf(id: string): Promise<string | undefined> {
    return podman.addressFrom(await this.#transport.get(`${LIBPOD}/containers/${id}/json`, podman.NetworkInspect));
  }

  async logLocation(id: string): Promise<LogLocation> {
    const reply = await this.#transport.get(`${LIBPOD}/containers/${id}/json`, podman.LogInspect);
    return podman.logLocationFrom(reply, { framesTerminals: true });
  }

  readLogs(id: string, { location, sinceSeconds, follow, signal }: ReadLogsOptions): AsyncIterable<EngineLogLine> {
    const query = `stdout=true&stderr=true&timestamps=true&since=${sinceSeconds}&follow=${follow}`;
    return logLines(this.#transport.bytes('GET', `${LIBPOD}/containers/${id}/logs?${query}`, signal), location.framed);
  }

  async terminals(): Promise<ContainerTerminals> {
    return new ContainerTerminals(this.#transport, LIBPOD);
  }

  async hasProcesses(id: string): Promise<boolean> {
    // Of a process that is gone podman says 200 with an empty body.
    const text = await this.#transport.send('GET', `${LIBPOD}/containers/${id}/top`);
    if (text.trim() === '') return false;
    return (podman.Top.safeParse(JSON.parse(text)).data?.Processes ?? []).length > 0;
  }

  async createContainer(spec: ContainerSpec): Promise<string> {
    const reply = await this.#transport.post(`${LIBPOD}/containers/create`, podman.Created, { body: podmanCreateBody(spec) });
    return reply.Id;
  }

  async startContainer(id: string): Promise<void> {
    await this.#transport.send('POST', `${LIBPOD}/containers/${id}/start`);
  }

  /**
   * A start that fails leaves its host ports open inside the podman service until Go's collector finds them, so that the next
   * start meets "address already in use". Some work makes the collector run: measured, 23 lists and a fifth of a second.
   */
  async dropForgottenPorts(): Promise<void> {
    const end = Date.now() + FORGOTTEN_PORTS_MS;
    for (let lists = 0; lists < FORGOTTEN_PORTS_LISTS && Date.now() < end; lists++) {
      await this.#transport.send('GET', `${LIBPOD}/containers/json?all=true`);
    }
  }

  async stopContainer(id: string, timeoutSeconds: number): Promise<void> {
    await this.#transport.send('POST', `${LIBPOD}/containers/${id}/stop?timeout=${timeoutSeconds}`, { timeoutMs: 0 });
  }

  async removeContainer(id: string): Promise<void> {
    await this.#transport.send('DELETE', `${LIBPOD}/containers/${id}?force=true&v=true&timeout=0`);
  }

  async renameContainer(id: string, name: string): Promise<void> {
    await this.#transport.send('POST', `${LIBPOD}/containers/${id}/rename?name=${encodeURIComponent(name)}`);
  }

  async runHealthcheck(id: string): Promise<boolean> {
    const reply = await this.#transport.get(`${LIBPOD}/containers/${id}/healthcheck`, podman.HealthRun, { timeoutMs: 0 });
    return reply.Status === 'healthy';
  }

  pullImage(reference: string, onProgress: (progress: PullProgress) => void, signal: AbortSignal): Promise<void> {
    return pullImage(this.#transport, API, reference, onProgress, signal);
  }

  async removeImage(id: string): Promise<void> {
    await this.#transport.send('DELETE', `${LIBPOD}/images/${encodeURIComponent(id)}`);
  }

  async *watchEvents(labels: LabelFilter, { sinceMs, signal, onOpen }: WatchOptions): AsyncIterable<EngineEvent> {
    const filters = encodeFilters({ type: ['container'], label: labelFilters(labels) });
    const path = `${LIBPOD}/events?stream=true&since=${Math.floor(sinceMs / 1000)}&filters=${filters}`;
    for await (const raw of this.#transport.lines('GET', path, signal, onOpen)) {
      const event = podman.PodmanEvent.safeParse(raw);
      if (event.success && event.data.timeNano / 1e6 >= sinceMs) yield podman.eventFromPodman(event.data);
    }
    if (!signal.aborted) throw new EngineError('unreachable', 'podman ended its stream of events');
  }
}

export const labelFilters = (labels: LabelFilter): string[] => Object.entries(labels).map(([name, value]) => `${name}=${value}`);

export const encodeFilters = (filters: Readonly<Record<string, readonly string[]>>): string =>
  encodeURIComponent(JSON.stringify(filters));
