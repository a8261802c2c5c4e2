/** What the reconciler asks of a container engine. Podman and Docker have an adapter each; no dialect shows through here. */

import type { PodmanService } from '#contracts/score/service.ts';
import type { ContainerTerminals } from './container-terminals.ts';

/** `broken`: the engine itself does not know what it is; only a forced removal helps. */
export type ContainerState = 'created' | 'running' | 'paused' | 'stopping' | 'exited' | 'broken';

export interface Container {
  id: string;
  name: string;
  /** Image reference it was made from. */
  image: string;
  imageId: string;
  labels: Readonly<Record<string, string>>;
  state: ContainerState;
  /** 0 while nothing runs. */
  pid: number;
  exitCode: number;
  startedAtMs?: number | undefined;
  exitedAtMs?: number | undefined;
  /** `127.0.0.11:8080->80/tcp` */
  ports: readonly string[];
}

/** What a list does not tell. */
export interface ContainerDetails {
  /** Times the engine's restart policy started it again. */
  restarts: number;
  imageDigest?: string | undefined;
  /** Absent: no health check, or one that the engine does not run by itself. */
  health?: 'starting' | 'healthy' | 'unhealthy' | undefined;
}

/** A service as it is to become a container. The adapters translate the rest of `service` to their engine's words. */
export interface ContainerSpec {
  name: string;
  service: PodmanService;
  labels: Readonly<Record<string, string>>;
  /** Address of published ports that name none. */
  hostIp: string;
  /** Named volumes of a service become `<volumePrefix>.<name>`, so that two deployments never share one by accident. */
  volumePrefix: string;
  /** Folder of the device's local socket, where the service asks for it: seen inside as `/run/scorewall`. */
  socketFolder?: string | undefined;
}

export interface PullProgress {
  layersDone: number;
  layersTotal: number;
  bytesDone: number;
  /** 0 where the engine does not say. */
  bytesTotal: number;
}

export interface EngineEvent {
  containerId: string;
  /** `other`: look at the container again. */
  kind: 'started' | 'died' | 'removed' | 'health' | 'other';
  atMs: number;
  exitCode?: number | undefined;
  labels: Readonly<Record<string, string>>;
}

/** Where a container's output can be read. */
export type LogLocation =
  /** Lines of `<time> <stdout|stderr> <P|F> <text>`, appended by the container's monitor. */
  | { kind: 'k8s-file'; path: string }
  /** Only the engine can read it; `framed`: each piece stands in a frame that tells stdout from stderr. */
  | { kind: 'engine'; framed: boolean };

export interface EngineLogLine {
  stream: 'out' | 'err';
  /** As the engine wrote it; podman tells no more than seconds. */
  time: string;
  text: Buffer;
  /** The last of what there is, and its end has not come. */
  begun?: boolean;
}

export interface ReadLogsOptions {
  location: Extract<LogLocation, { kind: 'engine' }>;
  /** Everything written in this second of Unix time, and later. */
  sinceSeconds: number;
  /** False: ends with what is there. True: ends when the container does. */
  follow: boolean;
  signal: AbortSignal;
}

/** Labels a container must carry, each with exactly this value, to exist for us. */
export type LabelFilter = Readonly<Record<string, string>>;

/** Every method rejects with `EngineError`; a signal that fires rejects with its reason. */
export interface Engine {
  /** `none` until it has answered once. */
  readonly kind: 'podman' | 'docker' | 'none';
  /** False: health checks of a Score run only when `runHealthcheck` is called. */
  readonly runsHealthchecks: boolean;
  version(): Promise<string>;
  /** All containers with these labels, running or not; with `ids` at most those. */
  listContainers(labels: LabelFilter, ids?: readonly string[]): Promise<Container[]>;
  inspectContainer(id: string): Promise<ContainerDetails>;
  /** Where this machine may reach ports of a running container that are not published; undefined: nowhere. */
  addressOf(id: string): Promise<string | undefined>;
  /** Where its output is. The file of one that never ran may not exist yet. */
  logLocation(id: string): Promise<LogLocation>;
  readLogs(id: string, options: ReadLogsOptions): AsyncIterable<EngineLogLine>;
  /** Commands and terminals in containers. */
  terminals(): Promise<ContainerTerminals>;
  /** Whether its main process lives, whatever the engine believes. */
  hasProcesses(id: string): Promise<boolean>;
  /** The new container's id. Never pulls: a missing image is an `EngineError` with the code `image-missing`. */
  createContainer(spec: ContainerSpec): Promise<string>;
  startContainer(id: string): Promise<void>;
  /** Makes the engine let go of host ports it still holds for containers that are gone. */
  dropForgottenPorts(): Promise<void>;
  /** Ends when it has stopped: SIGTERM, and SIGKILL after `timeoutSeconds`. */
  stopContainer(id: string, timeoutSeconds: number): Promise<void>;
  /** Removes it with its anonymous volumes, running or not. */
  removeContainer(id: string): Promise<void>;
  renameContainer(id: string, name: string): Promise<void>;
  runHealthcheck(id: string): Promise<boolean>;
  pullImage(reference: string, onProgress: (progress: PullProgress) => void, signal: AbortSignal): Promise<void>;
  /** Fails where a container still uses it. */
  removeImage(id: string): Promise<void>;
  /** From `sinceMs` on; ends or rejects when the engine goes away. `onOpen` is called once the engine listens to us. */
  watchEvents(labels: LabelFilter, options: WatchOptions): AsyncIterable<EngineEvent>;
}

export interface WatchOptions {
  sinceMs: number;
  signal: AbortSignal;
  onOpen(): void;
}
