/** The form is a projection of the document: what each field shows, read from the manifest's value. Tolerant of anything. Pure. */
import { quoteWord } from './command-line.ts';
import type { Path } from './locate.ts';

export const SERVICES_PATH = ['spec', 'score', 'data', 'services'] as const;

export type TargetForm =
  | { kind: 'devices'; names: string[] }
  | { kind: 'labels'; labels: { key: string; value: string }[] }
  | { kind: 'none' };

/** An entry of a list as text, or `undefined` where the YAML holds something a text field cannot show. */
export type ListEntry = string | undefined;

export interface EnvEntry {
  name: string;
  value: string | undefined;
}

export interface ServiceForm {
  path: Path;
  index: number;
  name: string;
  image: string;
  ports: ListEntry[];
  volumes: ListEntry[];
  devices: ListEntry[];
  env: { kind: 'map' | 'list'; entries: EnvEntry[] };
  /** `undefined`: absent. */
  command: string | undefined;
  commandIsList: boolean;
  restart: string | undefined;
  stopTimeoutSeconds: string | undefined;
  healthcheck: {
    test: string | undefined;
    testIsList: boolean;
    interval: string | undefined;
    timeout: string | undefined;
    retries: string | undefined;
  };
  limits: { cpus: string | undefined; memory: string | undefined; pids: string | undefined };
  /** Fields the form does not show; they stay in the YAML. */
  others: string[];
}

export interface FormModel {
  name: string;
  target: TargetForm;
  services: ServiceForm[];
}

type Fields = Readonly<Record<string, unknown>>;

const SHOWN = [
  'name',
  'image',
  'ports',
  'volumes',
  'devices',
  'env',
  'command',
  'restart',
  'stopTimeoutSeconds',
  'healthcheck',
  'resources',
];

export function readForm(value: unknown): FormModel {
  const root = fields(value);
  const spec = fields(root.spec);
  const services = fields(fields(spec.score).data).services;
  return {
    name: text(fields(root.metadata).name) ?? '',
    target: readTarget(spec),
    services: (Array.isArray(services) ? services : []).map((service, index) => readService(fields(service), index)),
  };
}

function readTarget(spec: Fields): TargetForm {
  if (Array.isArray(spec.targetDevices)) return { kind: 'devices', names: spec.targetDevices.map((name) => text(name) ?? '') };
  if (typeof spec.targetSelector === 'object' && spec.targetSelector !== null) {
    const labels = Object.entries(spec.targetSelector).map(([key, value]) => ({ key, value: text(value) ?? '' }));
    return { kind: 'labels', labels };
  }
  return { kind: 'none' };
}

function readService(service: Fields, index: number): ServiceForm {
  const check = fields(service.healthcheck);
  const limits = fields(fields(service.resources).limits);
  return {
    path: [...SERVICES_PATH, index],
    index,
    name: text(service.name) ?? '',
    image: text(service.image) ?? '',
    ports: list(service.ports),
    volumes: list(service.volumes),
    devices: list(service.devices),
    env: readEnv(service.env),
    command: words(service.command),
    commandIsList: Array.isArray(service.command),
    restart: text(service.restart),
    stopTimeoutSeconds: text(service.stopTimeoutSeconds),
    healthcheck: {
      test: words(check.test),
      testIsList: Array.isArray(check.test),
      interval: text(check.interval),
      timeout: text(check.timeout),
      retries: text(check.retries),
    },
    limits: { cpus: text(limits.cpus), memory: text(limits.memory), pids: text(limits.pids) },
    others: Object.keys(service).filter((key) => !SHOWN.includes(key)),
  };
}

function readEnv(env: unknown): ServiceForm['env'] {
  if (Array.isArray(env)) {
    const entries = env.map((entry): EnvEntry => {
      const whole = text(entry) ?? '';
      const equals = whole.indexOf('=');
      return equals < 0 ? { name: whole, value: undefined } : { name: whole.slice(0, equals), value: whole.slice(equals + 1) };
    });
    return { kind: 'list', entries };
  }
  return { kind: 'map', entries: Object.entries(fields(env)).map(([name, value]) => ({ name, value: text(value) })) };
}

const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
const list = (value: unknown): ListEntry[] => (Array.isArray(value) ? value.map(text) : []);
const words = (value: unknown): string | undefined =>
  Array.isArray(value) ? value.map((word) => quoteWord(text(word) ?? '')).join(' ') : text(value);
