/** One service of a `PodmanV0` Score. Fields mean what the Compose specification means by them. */
import * as z from 'zod';
import { closedObject } from '../issue.ts';
import { Name } from '../name.ts';
import { Duration } from './duration.ts';
import { Port } from './port.ts';

/** Names of the Compose specification whose meaning lives under another name here. */
export const COMPOSE_SYNONYMS: Readonly<Record<string, string>> = {
  environment: 'env',
  environments: 'env',
  depends_on: 'dependsOn',
  read_only: 'readOnly',
  stop_grace_period: 'stopTimeoutSeconds',
  deploy: 'resources',
  mounts: 'volumes',
  entrypoint: 'command',
};

const CONTROL = /\p{Cc}/u;
const Text = z.string().refine((text) => !text.includes('\0'), 'A zero byte is not allowed.');
const Scalar = z.union([Text, z.number(), z.boolean()]);
const Argv = z.union([Text.min(1), z.array(Text)]);
const EnvName = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, { error: (issue) => `${JSON.stringify(issue.input)} is not a variable name.` });
const KeyValue = z.string().regex(/^[^=\0]+(=[^\0]*)?$/, 'Write it as NAME=value.');

const AbsolutePath = z
  .string()
  .regex(/^\/[^\0]*$/, { error: (issue) => `${JSON.stringify(issue.input)} must be an absolute path.` });

const VolumeString = z
  .string()
  .refine((text) => /^(?:[A-Za-z0-9][A-Za-z0-9_.-]*|\/[^:\0]*):\/[^:\0]*(?::[A-Za-z0-9,]+)?$|^\/[^:\0]*$/.test(text), {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is not a volume. Write it like "data:/var/lib/data" or "/srv/files:/files:ro".`,
  });

const VolumeObject = closedObject({
  type: z.enum(['bind', 'volume', 'tmpfs']).describe('Where the data lives: a path of the device, a named volume, or memory.'),
  source: z.string().optional().describe('Path on the device (bind) or name of the volume (volume).'),
  target: AbsolutePath.describe('Path in the container.'),
  read_only: z.boolean().optional().describe('The service cannot write to it.'),
});

const Secret = z.union([
  Name,
  closedObject({
    source: Name.describe('Name of the secret on the device.'),
    target: z.string().optional().describe('File name under /run/secrets; the secret name if absent.'),
    uid: z.string().optional().describe('Owner of the file.'),
    gid: z.string().optional().describe('Group of the file.'),
    mode: z.number().int().min(0).max(0o777).optional().describe('File mode as a number, 0o444 if absent.'),
  }),
]);

const Healthcheck = closedObject({
  test: z
    .union([Text.min(1), z.array(Text).min(1)])
    .optional()
    .describe('The command: a shell line, or `["CMD", ...]`, `["CMD-SHELL", line]`, `["NONE"]`.'),
  interval: Duration.optional().describe('Time between two checks, 30s if absent.'),
  timeout: Duration.optional().describe('A check that takes longer counts as failed, 30s if absent.'),
  retries: z
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .describe('Failures in a row that make the service unhealthy, 3 if absent.'),
  start_period: Duration.optional().describe('Failures in this time after the start do not count.'),
  disable: z.boolean().optional().describe("Switch the image's own check off."),
});

const ByteSize = z.union([
  z.number().int().positive(),
  z.string().regex(/^\d+(\.\d+)?\s*(b|k|kb|m|mb|g|gb)?$/i, {
    error: (issue) => `${JSON.stringify(issue.input)} is not a size. Write it like 512m or 2g.`,
  }),
]);

const Resources = closedObject({
  limits: closedObject({
    cpus: z
      .union([z.number().positive(), z.string().regex(/^\d+(\.\d+)?$/)])
      .optional()
      .describe('CPU cores, for example 1.5.'),
    memory: ByteSize.optional().describe('Memory, for example 512m.'),
    pids: z.number().int().positive().optional().describe('Number of processes.'),
  })
    .optional()
    .describe('What the service may use at the most.'),
  reservations: closedObject({ memory: ByteSize.optional().describe('Memory kept free for it.') })
    .optional()
    .describe('What is kept for the service.'),
});

const DependsOn = z.union([
  z.array(Name),
  z.record(
    Name,
    closedObject({
      condition: z
        .enum(['service_started', 'service_healthy', 'service_completed_successfully'])
        .optional()
        .describe('When the dependency counts as ready, service_started if absent.'),
    }),
  ),
]);

const Screen = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('vnc').describe('A desktop over the VNC protocol.'),
    port: z.number().int().min(1).max(65_535).describe('Port the VNC server listens on in the container.'),
  }),
  z.strictObject({ kind: z.literal('terminal').describe("The service's own terminal.") }),
]);

const IMAGE = /^[a-zA-Z0-9][\w.-]*(?::\d+)?(?:\/[\w][\w.-]*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/;

export const PodmanService = closedObject(
  {
    name: Name.describe('Name of the service, unique in its deployment.'),
    image: z
      .string()
      .min(1, { error: 'Say which image to run, for example docker.io/library/nginx:alpine.', abort: true })
      .max(512)
      .regex(IMAGE, {
        error: (issue) => `${JSON.stringify(issue.input)} is not an image. Write it like docker.io/library/nginx:alpine.`,
      })
      .describe('Image reference with registry, for example `docker.io/library/nginx:alpine`.'),
    ports: z.array(Port).max(256).optional().describe("Ports published on the device's address, as `HOST:CONTAINER`."),
    command: Argv.optional().describe(
      "Replaces the image's command (Compose `command`): a list of words, or one line split like a shell would.",
    ),
    args: z.array(Text).optional().describe("Words added behind `command`; without `command` they replace the image's command."),
    env: z
      .union([z.record(EnvName, Scalar), z.array(KeyValue)])
      .optional()
      .describe('Environment variables (Compose `environment`): a map, or a list of NAME=value.'),
    secrets: z
      .array(Secret)
      .optional()
      .describe('Secrets of the device, mounted as files under /run/secrets; never environment variables.'),
    volumes: z
      .array(z.union([VolumeString, VolumeObject]))
      .optional()
      .describe('`NAME:/path[:ro]`, `/host/path:/path[:ro]`, or the long form of Compose.'),
    devices: z
      .array(
        z.string().regex(/^\/dev\/[^:\0]+(?::\/[^:\0]+)?(?::[rwm]{1,3})?$/, {
          error: (issue) => `${JSON.stringify(issue.input)} is not a device. Write it like /dev/hailo0.`,
        }),
      )
      .optional()
      .describe('Device files of the host, for example `/dev/hailo0`.'),
    restart: z
      .string()
      .regex(/^(no|always|unless-stopped|on-failure(:\d+)?)$/, {
        error: (issue) =>
          `${JSON.stringify(issue.input)} is not a restart policy. Use always, unless-stopped, on-failure or "no".`,
      })
      .optional()
      .describe('`always` (default), `unless-stopped`, `on-failure[:tries]` or `no`.'),
    healthcheck: Healthcheck.optional().describe('How the device finds out whether the service works.'),
    resources: Resources.optional().describe('Limits and reservations (Compose `deploy.resources`).'),
    stopTimeoutSeconds: z
      .number()
      .int()
      .min(0)
      .max(86_400)
      .optional()
      .describe('Seconds between SIGTERM and SIGKILL, 300 if absent.'),
    dependsOn: DependsOn.optional().describe('Services of this deployment that start first: a list, or Compose conditions.'),
    labels: z
      .union([z.record(z.string().min(1), Scalar), z.array(KeyValue)])
      .optional()
      .describe('Labels put on the container. Names that start with `scorewall.` are not allowed.'),
    hostname: z
      .string()
      .regex(/^[a-zA-Z0-9]([a-zA-Z0-9.-]{0,62})$/, 'A host name has letters, digits, dots and dashes.')
      .optional()
      .describe('Host name inside the container.'),
    user: z.string().min(1).max(128).optional().describe('User (and group) that runs the process, `uid[:gid]` or names.'),
    readOnly: z.boolean().optional().describe('Root file system of the container is read-only.'),
    tmpfs: z
      .union([AbsolutePath, z.array(AbsolutePath)])
      .optional()
      .describe('Paths kept in memory.'),
    screen: Screen.optional().describe('What the tile shows: a desktop (`vnc` and its port) or the `terminal`.'),
    agentSocket: z
      .boolean()
      .optional()
      .describe("Mounts the device's local socket at /run/scorewall/agent.sock: captions, steps, questions, calls, the bus."),
  },
  COMPOSE_SYNONYMS,
)
  .check((context) => {
    const labels = context.value.labels;
    const names = Array.isArray(labels) ? labels.map((entry) => entry.split('=')[0]!) : Object.keys(labels ?? {});
    for (const name of names) {
      if (!name.startsWith('scorewall.') && !CONTROL.test(name)) continue;
      context.issues.push({
        code: 'custom',
        input: name,
        path: ['labels'],
        message: `The label ${JSON.stringify(name)} is kept for Scorewall. Choose another name.`,
      });
    }
  })
  .meta({ id: 'PodmanService' });
export type PodmanService = z.infer<typeof PodmanService>;

export const DEFAULT_STOP_TIMEOUT_SECONDS = 300;
