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

const HubUrl = z.string().refine((url) => /^https?:\/\/[^\s/@]+\/?$/.test(url), {
  error: () => 'The address of a hub looks like https://hub.local:7400.',
});
const HubPin = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, "Give the SHA-256 of the hub's TLS key, in base64.")
  .describe("SHA-256 of the hub's TLS key (SPKI), base64, where its certificate is its own.");
const TICK_INTERVAL_MS = 10_000;

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
    z.object({
      type: z
        .literal('roadchain')
        .describe('A key that changes every day, chained to all before it. `scorewall-agent join` writes this.'),
      hub: HubUrl.optional().describe('Where the hub answers; as in the join token if absent.'),
      token: z.string().min(1).optional().describe('Join token. Used once, then taken out of this file.'),
      token_file: FilePath.optional().describe(
        'File that holds the join token, relative to this file. Removed once it was used.',
      ),
      tick_ms: IntervalMs.default(TICK_INTERVAL_MS).describe('Time between two signs of life of the identity.'),
    }),
    z.object({
      type: z.literal('oidc').describe('A token of an identity provider, exchanged at the hub.'),
      hub: HubUrl.describe('Where the hub answers.'),
      hub_pin: HubPin.optional(),
      issuer: z.url({ protocol: /^https?$/, error: () => 'Give the address of the identity provider.' }),
      client_id: z.string().min(1, 'Give the id of this device at the provider.'),
      key_file: FilePath.optional().describe(
        "Private key of this device (PEM, or the provider's JSON file), relative to this file: it signs the request (RFC 7523).",
      ),
      client_secret_file: FilePath.optional().describe('Or a file with the secret of the client, relative to this file.'),
      key_id: z.string().optional().describe('Id of the key at the provider, where the file does not say it.'),
      scope: z.string().default('openid').describe('What is asked of the provider, separated by spaces.'),
    }),
  ],
  { error: () => 'Set type to "roadchain", "creds" (with file), "oidc", or "toml-shared" (with nats_user and nats_pass).' },
);

const Settings = z.object({
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
  nats: z
    .object({
      urls: z.array(NatsUrl).min(1, 'Name at least one NATS server.').describe('NATS servers of the hub.'),
      ca_file: FilePath.optional().describe("Certificate authority of the hub's servers, relative to this file."),
    })
    .optional()
    .describe('As the hub says when the device joins, where `roadchain` or `oidc` is used and this is absent.'),
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
export const SETTINGS = Settings.shape;

export const AgentToml = Settings.superRefine(({ credentials, nats }, { addIssue }) => {
  const missing = (path: string[]) => addIssue({ code: 'custom', path, message: 'It is missing.' });
  if (!nats && (credentials.type === 'creds' || credentials.type === 'toml-shared')) missing(['nats']);
  if (credentials.type === 'oidc' && !credentials.key_file && !credentials.client_secret_file)
    missing(['credentials', 'key_file']);
});
export type AgentToml = z.infer<typeof AgentToml>;

export interface RoadchainConfig {
  type: 'roadchain';
  hubUrl?: string;
  token?: string;
  tokenFile?: string;
  tickMs: number;
}

export interface OidcConfig {
  type: 'oidc';
  hub: { url: string; pin?: string };
  issuer: string;
  clientId: string;
  keyFile?: string;
  keyId?: string;
  clientSecretFile?: string;
  scope: string;
}

export type CredentialsConfig =
  | { type: 'creds'; file: string }
  | { type: 'toml-shared'; user: string; pass: string }
  | RoadchainConfig
  | OidcConfig;

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
  /** Empty where the hub tells them. */
  natsUrls: string[];
  natsCaFile?: string;
  engineSocket?: string;
  logsMaxBytes: number;
  logLevel: LogLevel;
}
