/** Says in sentences what a new manifest changes against the old one: names first, one sentence a change. Pure. */
import { displayName } from '#contracts/device.ts';

export interface Change {
  kind: 'added' | 'changed' | 'removed';
  sentence: string;
}

interface Targets {
  gained: readonly string[];
  lost: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

const LABELS: Readonly<Record<string, string>> = {
  image: 'image',
  command: 'command',
  args: 'arguments',
  restart: 'restart',
  stopTimeoutSeconds: 'time to stop',
  hostname: 'host name',
  user: 'user',
  readOnly: 'read-only file system',
  healthcheck: 'health check',
  resources: 'limits',
  dependsOn: 'what it waits for',
  screen: 'screen',
};
/** Lists whose entries are named one by one; the word is the singular. */
const LISTS: Readonly<Record<string, string>> = {
  ports: 'port',
  volumes: 'volume',
  devices: 'device',
  secrets: 'secret',
  tmpfs: 'memory path',
};
const MAPS: Readonly<Record<string, string>> = { env: '', labels: 'label ' };
const MAX_VALUE = 60;

/** `before`: absent for a new deployment. `targets`: who gets it and who loses it, as the hub counts them. */
export function changesBetween(before: unknown, after: unknown, targets: Targets): Change[] {
  const changes: Change[] = [];
  for (const device of targets.gained) changes.push({ kind: 'added', sentence: `${displayName(device)} gets it` });
  for (const device of targets.lost) changes.push({ kind: 'removed', sentence: `${displayName(device)} loses it` });
  const old = servicesOf(before);
  const now = servicesOf(after);
  for (const [name, service] of now) {
    const previous = old.get(name);
    if (!previous) changes.push({ kind: 'added', sentence: `${name} is new: ${describeService(service)}` });
    else changes.push(...serviceChanges(name, previous, service));
  }
  for (const name of old.keys()) if (!now.has(name)) changes.push({ kind: 'removed', sentence: `${name} is removed and stops` });
  if (before !== undefined) changes.push(...metadataChanges(before, after), ...targetChanges(before, after));
  return changes;
}

function serviceChanges(name: string, before: Fields, after: Fields): Change[] {
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])].filter((key) => key !== 'name');
  return keys.flatMap((key): Change[] => {
    const [old, now] = [before[key], after[key]];
    if (same(old, now)) return [];
    if (key === 'image' && typeof old === 'string' && typeof now === 'string')
      return [{ kind: 'changed', sentence: `${name}: image ${imageChange(old, now)}` }];
    if (key in LISTS) return listChanges(name, LISTS[key]!, asList(old), asList(now));
    if (key in MAPS) return mapChanges(name, MAPS[key]!, asMap(old), asMap(now));
    return [fieldChange(name, LABELS[key] ?? key, old, now)];
  });
}

function fieldChange(name: string, label: string, old: unknown, now: unknown): Change {
  if (old === undefined) return { kind: 'added', sentence: `${name}: ${label} ${show(now)}` };
  if (now === undefined) return { kind: 'removed', sentence: `${name}: no ${label} any more` };
  if (isFields(old) && isFields(now)) {
    const parts = leafChanges(old, now);
    if (parts.length > 0 && parts.length <= 3) return { kind: 'changed', sentence: `${name}: ${label} ${parts.join(', ')}` };
  }
  return { kind: 'changed', sentence: `${name}: ${label} ${show(old)} → ${show(now)}` };
}

function leafChanges(old: Fields, now: Fields): string[] {
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key): string[] => {
    const [a, b] = [old[key], now[key]];
    if (same(a, b)) return [];
    if (isFields(a) && isFields(b)) return leafChanges(a, b);
    if (a === undefined) return [`${key} ${show(b)}`];
    return [b === undefined ? `no ${key}` : `${key} ${show(a)} → ${show(b)}`];
  });
}

/** Entries that stand at the same place in lists of the same length changed; others came or went. */
function listChanges(name: string, word: string, old: readonly unknown[], now: readonly unknown[]): Change[] {
  const gone = old.filter((entry) => !now.some((other) => same(entry, other)));
  const come = now.filter((entry) => !old.some((other) => same(entry, other)));
  if (gone.length === come.length && gone.length > 0)
    return gone.map((entry, index) => ({
      kind: 'changed',
      sentence: `${name}: ${word} ${word === 'port' ? portChange(String(entry), String(come[index])) : `${show(entry)} → ${show(come[index])}`}`,
    }));
  if (gone.length + come.length === 0 && old.length > 0)
    return [{ kind: 'changed', sentence: `${name}: ${word}s in another order` }];
  return [
    ...come.map((entry): Change => ({ kind: 'added', sentence: `${name}: ${word} ${show(entry)} is new` })),
    ...gone.map((entry): Change => ({ kind: 'removed', sentence: `${name}: ${word} ${show(entry)} is removed` })),
  ];
}

function mapChanges(name: string, prefix: string, old: Fields, now: Fields): Change[] {
  return [...new Set([...Object.keys(now), ...Object.keys(old)])].flatMap((key): Change[] => {
    const [a, b] = [old[key], now[key]];
    if (same(a, b)) return [];
    if (a === undefined) return [{ kind: 'added', sentence: `${name}: ${prefix}${key} = ${show(b)}` }];
    if (b === undefined) return [{ kind: 'removed', sentence: `${name}: ${prefix}${key} is removed` }];
    return [{ kind: 'changed', sentence: `${name}: ${prefix}${key} ${show(a)} → ${show(b)}` }];
  });
}

/** Written by the hub or by this page; they say nothing about what runs. */
const HUB_KEYS = ['generation', 'resourceVersion', 'creationTimestamp', 'annotations'];

function metadataChanges(before: unknown, after: unknown): Change[] {
  const pick = (value: unknown) =>
    Object.fromEntries(Object.entries(asMap(asMap(value).metadata)).filter(([key]) => !HUB_KEYS.includes(key)));
  return leafChanges(pick(before), pick(after)).map((sentence) => ({ kind: 'changed', sentence: `About it: ${sentence}` }));
}

function targetChanges(before: unknown, after: unknown): Change[] {
  const where = (value: unknown) => {
    const spec = asMap(asMap(value).spec);
    if (Array.isArray(spec.targetDevices)) return { by: 'names', text: '' };
    const labels = Object.entries(asMap(spec.targetSelector)).map(([key, label]) => `${key}: ${String(label)}`);
    return { by: 'labels', text: labels.join(' and ') };
  };
  const [old, now] = [where(before), where(after)];
  if (old.by === now.by && old.text === now.text) return [];
  if (now.by === 'names') return [{ kind: 'changed', sentence: 'Devices are chosen by name now' }];
  return [{ kind: 'changed', sentence: `Every device with ${now.text} gets it, from now on` }];
}

function describeService(service: Fields): string {
  const ports = asList(service.ports).map(String);
  return [String(service.image ?? 'no image'), ...(ports.length > 0 ? [`on port ${ports.join(', ')}`] : [])].join(' ');
}

/** `1.4.1 → 1.4.2` where only the tag differs, the whole reference else. */
function imageChange(old: string, now: string): string {
  const split = (image: string) => /^(.*?)(?::([\w.-]+))?$/.exec(image);
  const [a, b] = [split(old), split(now)];
  return a?.[1] === b?.[1] && a?.[2] && b?.[2] ? `${a[2]} → ${b[2]}` : `${old} → ${now}`;
}

/** `8080 → 8081` where only the device's port differs. */
function portChange(old: string, now: string): string {
  const split = (port: string) => /^([^:]*):([^:]*)$/.exec(port);
  const [a, b] = [split(old), split(now)];
  return a && b && a[2] === b[2] ? `${a[1]} → ${b[1]}` : `${old} → ${now}`;
}

function servicesOf(value: unknown): Map<string, Fields> {
  const services = asMap(asMap(asMap(value).spec).score).data;
  return new Map(asList(asMap(services).services).map((service) => [String(asMap(service).name), asMap(service)]));
}

function show(value: unknown): string {
  const text = Array.isArray(value)
    ? value.map((entry) => (typeof entry === 'string' ? entry : JSON.stringify(entry))).join(' ')
    : isFields(value)
      ? leaves(value).join(', ')
      : String(value);
  return text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE - 1)}…` : text || 'empty';
}

const leaves = (value: Fields): string[] =>
  Object.entries(value).flatMap(([key, child]) => (isFields(child) ? leaves(child) : [`${key} ${show(child)}`]));
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const asList = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
function asMap(value: unknown): Fields {
  if (Array.isArray(value))
    return Object.fromEntries(
      value.map((entry) => [
        String(entry).split('=')[0],
        String(entry).includes('=') ? String(entry).slice(String(entry).indexOf('=') + 1) : '',
      ]),
    );
  return isFields(value) ? value : {};
}
