/** The agent's settings: what `agent.toml` may say, and the shape the rest of the agent reads. */
import { isIP } from 'node:net';
import * as z from 'zod';
import { Name } from '#contracts/name.ts';
import { REPORT_INTERVAL_MS } from '#contracts/status.ts';
import { LOG_LEVELS, type LogLevel } from '../log.ts';

const RELIST_INTERVAL_MS = 30_000;
const RESYNC_INTERVAL_MS = 30_000;

const FilePath = z.string().min(1, 'Give the path of a file.');
const IntervalMs = z.number().int().min(100, 'Give at least 100 milliseconds.').max(86_400_000);

const NatsUrl = z.string().refine((url) => /^(nats|tls):\/\/[^\s/@]+$/.test(url), {
  error: () => 'A NATS URL looks like nats://hub.local:4222 or tls://hub.local:4222. It holds no user or password.',
});

const Credentials = z.discriminatedUnion(
  'type',
  [
    z.object({
      type: z.literal('creds').describe("The device's own key, from a `.creds` file."),
      file: FilePath.describe('Path of the `.creds` file, relative to this file.'),
    }),
    z.object({
      type: z.literal('toml-shared').describe('One user for several devices, for a lab.'),
      nats_user: z.string().min(1, 'Give the user the NATS server knows.'),
      nats_pass: z.string().min(1, 'Give the password the NATS server knows.'),
    }),
  ],
  { error: () => 'Set type to "creds" (with file) or "toml-shared" (with nats_user and nats_pass).' },
);

export const AgentToml = z.object({
  agent: z.object({
    device_id: Name.describe("The device's name in the fleet."),
    state_dir: FilePath.default('state').describe('Where the agent keeps what must survive a restart, relative to this file.'),
    host_ip: z
      .string()
      .refine((text) => isIP(text) !== 0, 'Give an IP address, for example 0.0.0.0.')
      .default('0.0.0.0')
      .describe('Address that ports are published on.'),
    fleet: Name.optional().describe('Where several fleets share one engine: containers of the others are invisible.'),
    report_interval_ms: IntervalMs.default(REPORT_INTERVAL_MS).describe('Time between two reports without a change.'),
    relist_interval_ms: IntervalMs.default(RELIST_INTERVAL_MS).describe('Time between two looks at all containers.'),
    resync_interval_ms: IntervalMs.default(RESYNC_INTERVAL_MS).describe('Time between two readings of the whole desired state.'),
  }),
  credentials: Credentials,
  nats: z.object({
    urls: z.array(NatsUrl).min(1, 'Name at least one NATS server.').describe('NATS servers of the hub.'),
    ca_file: FilePath.optional().describe("Certificate authority of the hub's servers, relative to this file."),
  }),
  engine: z.object({ socket: FilePath.optional().describe('REST socket of podman or Docker; found if absent.') }).default({}),
  logs: z
    .object({
      max_mb: z
        .number()
        .int()
        .min(1, 'Give at least 1 megabyte.')
        .max(1_000_000)
        .default(64)
        .describe("Space on the device's disk for what its services write, in megabytes. The newest is kept."),
    })
    .default({ max_mb: 64 }),
  log: z.object({ level: z.enum(LOG_LEVELS).default('info') }).default({ level: 'info' }),
});
export type AgentToml = z.infer<typeof AgentToml>;

export type CredentialsConfig = { type: 'creds'; file: string } | { type: 'toml-shared'; user: string; pass: string };

/** Paths are absolute, names are spelled as in the code. */
export interface AgentConfig {
  device: string;
  stateDir: string;
  hostIp: string;
  fleet?: string;
  reportIntervalMs: number;
  relistIntervalMs: number;
  resyncIntervalMs: number;
  credentials: CredentialsConfig;
  natsUrls: string[];
  natsCaFile?: string;
  engineSocket?: string;
  logsMaxBytes: number;
  logLevel: LogLevel;
}
