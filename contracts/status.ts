/** What a device reports about itself: subject `status.<device>`, on change and every 30 s. Bucket `status`, key `<device>`. */
import * as z from 'zod';
import { Name } from './name.ts';
import { Work } from './work.ts';

export const Trouble = z
  .object({
    code: z
      .enum([
        'image-not-found',
        'registry-unreachable',
        'pull-failed',
        'port-taken',
        'create-failed',
        'start-failed',
        'keeps-stopping',
        'exited',
        'unhealthy',
        'secret-missing',
        'unsupported',
        'invalid',
        'engine-unreachable',
        'disk-full',
        'internal',
      ])
      .describe('For machines.'),
    message: z.string().describe('For people: what happened, what it means for the device, one next step.'),
    since: z.iso.datetime().describe('When it was first seen.'),
  })
  .meta({ id: 'Trouble' });
export type Trouble = z.infer<typeof Trouble>;

export const SERVICE_STATES = [
  'waiting',
  'pulling',
  'starting',
  'running',
  'stopping',
  'restarting',
  'completed',
  'failed',
] as const;

export const ServiceStatus = z
  .object({
    name: Name,
    state: z
      .enum(SERVICE_STATES)
      .describe(
        '`waiting` for another service; `pulling` the image; `starting`; `running`; `stopping`; `restarting` after it stopped by itself; `completed` (ended well, and its restart policy lets it rest); `failed`.',
      ),
    health: z.enum(['none', 'starting', 'healthy', 'unhealthy']).describe('Result of the health check; `none` without one.'),
    image: z.string().describe('Image reference asked for.'),
    digest: z.string().optional().describe('Digest or id of the image that runs.'),
    ports: z.array(z.string()).describe('Published ports as they are: `127.0.0.11:8080->80/tcp`.'),
    restarts: z.number().int().nonnegative().describe('Times the service was started again since its container was made.'),
    since: z.iso.datetime().optional().describe('When the state began.'),
    containerId: z.string().optional().describe('Id of the container that runs it.'),
    pull: z
      .object({
        layersDone: z.number().int(),
        layersTotal: z.number().int(),
        bytesDone: z.number(),
        bytesTotal: z.number().describe('0 where the engine does not say.'),
        startedAt: z.iso.datetime(),
      })
      .optional()
      .describe('How far the download is, while `pulling`.'),
    error: Trouble.optional(),
  })
  .meta({ id: 'ServiceStatus' });
export type ServiceStatus = z.infer<typeof ServiceStatus>;

export const DEPLOYMENT_PHASES = ['running', 'updating', 'attention', 'failed', 'unsupported', 'removing'] as const;

export const DeviceDeploymentStatus = z
  .object({
    name: Name,
    phase: z
      .enum(DEPLOYMENT_PHASES)
      .describe('The worst of its services; `unsupported`: the agent does not understand it and keeps what ran before.'),
    revision: z.number().int().describe('KV revision of the `desired-state` key this speaks of.'),
    services: z.array(ServiceStatus),
    error: Trouble.optional(),
    gapMs: z.number().optional().describe('How long the last replacement left a service without an answer, in milliseconds.'),
  })
  .meta({ id: 'DeviceDeploymentStatus' });
export type DeviceDeploymentStatus = z.infer<typeof DeviceDeploymentStatus>;

export const HostFacts = z
  .object({
    hostname: z.string(),
    model: z.string().describe('Board or product name; empty where unknown.'),
    os: z.string().describe('Distribution, for people.'),
    kernel: z.string(),
    arch: z.string().describe('`arm64`, `x64` ...'),
    cpuCount: z.number().int(),
    cpuPercent: z.number().describe('Use of all cores since the last report, 0-100.'),
    memoryTotalBytes: z.number(),
    memoryUsedBytes: z.number(),
    diskTotalBytes: z.number().describe('File system that holds the agent state.'),
    diskUsedBytes: z.number(),
    temperatureCelsius: z.number().nullable().describe('Hottest CPU sensor; null where there is none.'),
    uptimeSeconds: z.number(),
    throttled: z.boolean().nullable().describe('Under-voltage or heat slows the CPU now; null where unknown.'),
  })
  .meta({ id: 'HostFacts' });
export type HostFacts = z.infer<typeof HostFacts>;

export const EngineFacts = z
  .object({
    kind: z.enum(['podman', 'docker', 'none']),
    version: z.string(),
    reachable: z
      .boolean()
      .describe('The engine answers. Without an `error` beside it, `false` means that it has not been asked yet.'),
    error: Trouble.optional(),
  })
  .meta({ id: 'EngineFacts' });
export type EngineFacts = z.infer<typeof EngineFacts>;

export const AgentUpdateState = z
  .object({
    state: z
      .enum(['ready', 'fetching', 'starting', 'returned', 'failed'])
      .describe(
        '`ready`: nothing is under way. `returned`: `version` was tried, did not report healthy, and the one before runs again. `failed`: `version` could not be fetched or laid down.',
      ),
    version: z.string().optional(),
    rollout: z.int().optional().describe('Which rollout brought it.'),
    message: z.string().optional().describe('For people.'),
  })
  .meta({ id: 'AgentUpdateState' });
export type AgentUpdateState = z.infer<typeof AgentUpdateState>;

export const DeviceStatus = z
  .object({
    device: Name,
    reportedAt: z.iso.datetime().describe("The device's own clock."),
    agent: z.object({
      version: z.string(),
      startedAt: z.iso.datetime(),
      credentials: z
        .enum(['creds', 'toml-shared', 'roadchain', 'oidc'])
        .describe('How the agent proves who it is. `toml-shared` is for a lab: several devices have one key.'),
      update: AgentUpdateState.optional().describe('Absent where whoever installed the agent updates it too.'),
      error: Trouble.optional().describe('Trouble of the agent itself, for example a broken config it runs around.'),
    }),
    engine: EngineFacts,
    host: HostFacts,
    deployments: z.array(DeviceDeploymentStatus),
    work: Work.optional().describe('What the programs on it say about their work; absent while they say nothing.'),
  })
  .meta({ id: 'DeviceStatus' })
  .describe("A device's whole report. The newest one replaces all before it.");
export type DeviceStatus = z.infer<typeof DeviceStatus>;

/** How often a device reports without a change. */
export const REPORT_INTERVAL_MS = 30_000;
