/** The fields of podman's replies that we read, and what they mean to us. */
import * as z from 'zod';
import type { Container, ContainerDetails, ContainerState, EngineEvent, LogLocation } from './engine.ts';

const STATE: Readonly<Record<string, ContainerState>> = {
  configured: 'created',
  created: 'created',
  initialized: 'created',
  running: 'running',
  paused: 'paused',
  stopping: 'stopping',
  // Somebody's removal that may have died half-way: removing it once more is right in both cases.
  removing: 'broken',
  stopped: 'exited',
  exited: 'exited',
};

export const PodmanList = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()),
    Image: z.string(),
    ImageID: z.string(),
    Labels: z.record(z.string(), z.string()).nullable(),
    State: z.string(),
    Pid: z.number(),
    ExitCode: z.number(),
    StartedAt: z.number().describe('Unix seconds, negative for never.'),
    ExitedAt: z.number().describe('Unix seconds, negative for never.'),
    Ports: z
      .array(
        z.object({
          host_ip: z.string(),
          host_port: z.number(),
          container_port: z.number(),
          range: z.number(),
          protocol: z.string(),
        }),
      )
      .nullable(),
  }),
);

export function containerFromPodman(row: z.infer<typeof PodmanList>[number]): Container {
  const state = STATE[row.State] ?? 'broken';
  return {
    id: row.Id,
    name: row.Names[0] ?? '',
    image: row.Image,
    imageId: row.ImageID,
    labels: row.Labels ?? {},
    state,
    pid: state === 'running' || state === 'paused' ? row.Pid : 0,
    exitCode: row.ExitCode,
    startedAtMs: row.StartedAt > 0 ? row.StartedAt * 1000 : undefined,
    exitedAtMs: row.ExitedAt > 0 ? row.ExitedAt * 1000 : undefined,
    ports: (row.Ports ?? []).flatMap((port) =>
      Array.from(
        { length: Math.max(1, port.range) },
        (_, i) => `${port.host_ip || '0.0.0.0'}:${port.host_port + i}->${port.container_port + i}/${port.protocol}`,
      ),
    ),
  };
}

export const PodmanInspect = z.object({
  RestartCount: z.number(),
  ImageDigest: z.string().optional(),
  State: z.object({
    Health: z.object({ Status: z.string() }).nullish(),
    Healthcheck: z.object({ Status: z.string() }).nullish(),
  }),
});

export function detailsFromPodman(reply: z.infer<typeof PodmanInspect>): ContainerDetails {
  return {
    restarts: reply.RestartCount,
    imageDigest: reply.ImageDigest || undefined,
    health: healthWord((reply.State.Health ?? reply.State.Healthcheck)?.Status),
  };
}

/** Docker's words are the same. */
export const NetworkInspect = z.object({
  HostConfig: z.object({ NetworkMode: z.string().optional() }).nullish(),
  NetworkSettings: z
    .object({
      IPAddress: z.string().optional(),
      Networks: z.record(z.string(), z.object({ IPAddress: z.string().optional() })).nullish(),
    })
    .nullish(),
});

export function addressFrom({ HostConfig, NetworkSettings }: z.infer<typeof NetworkInspect>): string | undefined {
  if (HostConfig?.NetworkMode === 'host') return '127.0.0.1';
  const addresses = [NetworkSettings?.IPAddress, ...Object.values(NetworkSettings?.Networks ?? {}).map((one) => one.IPAddress)];
  return addresses.find((address) => address !== undefined && address !== '');
}

/** Docker's words are the same, but only podman writes a file in a form that is agreed upon, and says where. */
export const LogInspect = z.object({
  Config: z.object({ Tty: z.boolean().optional() }).nullish(),
  HostConfig: z.object({ LogConfig: z.object({ Type: z.string(), Path: z.string().optional() }).nullish() }).nullish(),
});

/** Podman frames what a terminal wrote as well: tried with `journald` and `json-file` of 4.3.1, and so in its source until 5.8. */
export function logLocationFrom(
  { Config, HostConfig }: z.infer<typeof LogInspect>,
  { framesTerminals }: { framesTerminals: boolean },
): LogLocation {
  const { Type, Path } = HostConfig?.LogConfig ?? {};
  return Type === 'k8s-file' && Path
    ? { kind: 'k8s-file', path: Path }
    : { kind: 'engine', framed: framesTerminals || !Config?.Tty };
}

export function healthWord(word: string | undefined): ContainerDetails['health'] {
  return word === 'starting' || word === 'healthy' || word === 'unhealthy' ? word : undefined;
}

export const PodmanEvent = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()).nullable() }),
  timeNano: z.number(),
});

const EVENT_KIND: Readonly<Record<string, EngineEvent['kind']>> = {
  start: 'started',
  died: 'died',
  remove: 'removed',
  health_status: 'health',
};

export function eventFromPodman({ Action, Actor, timeNano }: z.infer<typeof PodmanEvent>): EngineEvent {
  const { containerExitCode, ...labels } = Actor.Attributes ?? {};
  const kind = EVENT_KIND[Action] ?? 'other';
  return {
    containerId: Actor.ID,
    kind,
    atMs: timeNano / 1e6,
    labels,
    ...(kind === 'died' ? { exitCode: Number(containerExitCode ?? 0) } : {}),
  };
}

export const Created = z.object({ Id: z.string() });
export const Top = z.object({ Processes: z.array(z.unknown()).nullable() });
export const HealthRun = z.object({ Status: z.string() });
