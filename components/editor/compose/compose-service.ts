/** One service of a compose file as one of ours, with notes on what could not be taken over. Pure. */
import { durationMs } from '#contracts/score/duration.ts';
import { NOT_TAKEN } from './compose-note.ts';
import { composePorts } from './compose-ports.ts';
import { composeVolumes } from './compose-volumes.ts';

export type Fields = Readonly<Record<string, unknown>>;

export interface Converted {
  service: Record<string, unknown>;
  notes: string[];
}

/** Fields that mean the same and are written the same. */
const SAME = ['image', 'command', 'devices', 'restart', 'hostname', 'user', 'tmpfs'] as const;
const HANDLED = [
  ...SAME,
  'ports',
  'environment',
  'volumes',
  'healthcheck',
  'deploy',
  'mem_limit',
  'mem_reservation',
  'cpus',
  'pids_limit',
  'stop_grace_period',
  'depends_on',
  'labels',
  'read_only',
  'secrets',
];

export function convertService(name: string, compose: Fields, names: ReadonlyMap<string, string>): Converted {
  const notes: string[] = [];
  const note = (message: string) => void notes.push(message);
  const service: Record<string, unknown> = { name };
  const put = (key: string, value: unknown) => {
    const empty = value === undefined || value === null || (typeof value === 'object' && Object.keys(value).length === 0);
    if (!empty) service[key] = value;
  };
  put('image', compose.image ?? (compose.build ? '' : undefined));
  put('ports', composePorts(compose.ports, note));
  put('command', compose.command);
  put('env', environment(compose.environment, note));
  put('volumes', composeVolumes(compose.volumes, note));
  put('devices', devices(compose.devices, note));
  put('restart', compose.restart === false ? 'no' : compose.restart);
  put('healthcheck', healthcheck(asFields(compose.healthcheck), note));
  put('resources', resources(compose, note));
  put('stopTimeoutSeconds', stopTimeout(compose.stop_grace_period));
  put('dependsOn', dependsOn(compose.depends_on, names));
  put('labels', compose.labels);
  put('hostname', compose.hostname);
  put('user', compose.user === undefined ? undefined : String(compose.user));
  put('readOnly', compose.read_only);
  put('tmpfs', tmpfs(compose.tmpfs, note));
  put('secrets', secrets(compose.secrets, note));
  for (const [key, value] of Object.entries(compose)) {
    if (key.startsWith('x-')) service[key] = value;
    else if (!HANDLED.includes(key)) {
      const words = NOT_TAKEN[key];
      if (words !== '') note(words ?? `has ${key}, which is not known here. It was left out.`);
    }
  }
  return { service, notes };
}

type Note = (message: string) => void;

function environment(value: unknown, note: Note): unknown {
  const entries: [string, unknown][] = Array.isArray(value)
    ? value.map((entry) => {
        const equals = String(entry).indexOf('=');
        return equals < 0 ? [String(entry), null] : [String(entry).slice(0, equals), String(entry).slice(equals + 1)];
      })
    : Object.entries(asFields(value));
  const open = entries.filter(([, content]) => content === null).map(([key]) => key);
  if (open.length > 0)
    note(`takes ${open.join(', ')} from the shell that starts it. Give ${open.length > 1 ? 'them' : 'it'} a value under env.`);
  return Object.fromEntries(entries.map(([key, content]) => [key, content ?? '']));
}

function healthcheck(value: Fields, note: Note): unknown {
  if ('start_interval' in value) note('checks its health faster while it starts (start_interval). The usual interval is used.');
  const { start_interval: _, ...kept } = value;
  return kept;
}

function resources(compose: Fields, note: Note): unknown {
  const deploy = asFields(compose.deploy);
  const limits = asFields(asFields(deploy.resources).limits);
  const reservations = asFields(asFields(deploy.resources).reservations);
  if (Number(deploy.replicas ?? 1) > 1) note(`runs ${String(deploy.replicas)} copies. One runs on each device.`);
  if (reservations.devices !== undefined) note('reserves hardware. Name the device files under devices.');
  const rest = Object.keys(deploy).filter((key) => !['resources', 'replicas', 'mode'].includes(key));
  if (rest.length > 0) note(`has ${rest.map((key) => `deploy.${key}`).join(', ')}, which is for clusters. It was left out.`);
  const pids = limits.pids ?? compose.pids_limit;
  return clean({
    limits: clean({
      cpus: limits.cpus ?? compose.cpus,
      memory: limits.memory ?? compose.mem_limit,
      pids: Number(pids) > 0 ? Number(pids) : undefined,
    }),
    reservations: clean({ memory: reservations.memory ?? compose.mem_reservation }),
  });
}

const stopTimeout = (value: unknown) =>
  typeof value === 'string' ? Math.ceil(durationMs(value) / 1000) : typeof value === 'number' ? value : undefined;

function dependsOn(value: unknown, names: ReadonlyMap<string, string>): unknown {
  const renamed = (name: unknown) => names.get(String(name)) ?? String(name);
  if (Array.isArray(value)) return value.map(renamed);
  return Object.fromEntries(
    Object.entries(asFields(value)).map(([name, how]) => [renamed(name), clean({ condition: asFields(how).condition }) ?? {}]),
  );
}

function devices(value: unknown, note: Note): unknown {
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((entry): string[] => {
    const fields = asFields(entry);
    const text = typeof entry === 'string' ? entry : [fields.source, fields.target, fields.permissions].filter(Boolean).join(':');
    if (text.startsWith('/dev/')) return [text];
    note(`asks for the device ${text}. Write it as a path under /dev.`);
    return [];
  });
}

function tmpfs(value: unknown, note: Note): unknown {
  const paths = typeof value === 'string' ? [value] : Array.isArray(value) ? value.map(String) : [];
  if (paths.some((path) => path.includes(':'))) note('sets options of memory paths (tmpfs). The defaults are used.');
  return paths.map((path) => path.split(':')[0]!);
}

function secrets(value: unknown, note: Note): unknown {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const kept = value.map((entry) => (typeof entry === 'string' ? entry : clean({ ...asFields(entry) })));
  const sources = kept.map((entry) => (typeof entry === 'string' ? entry : String(asFields(entry).source)));
  note(`uses the secret ${sources.join(', ')}. Create it on each device: its content is not part of a deployment.`);
  return kept;
}

export const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

function clean(fields: Record<string, unknown>): Record<string, unknown> | undefined {
  const kept = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}
