/** The fields of a service in the plain form that both engines' create bodies are made from. Pure. */
import { durationMs } from '#contracts/score/duration.ts';
import { type PublishedPort, parsePort } from '#contracts/score/port.ts';
import type { PodmanService } from '#contracts/score/service.ts';
import { splitShellWords } from './shell-words.ts';

type Pairs = Readonly<Record<string, string | number | boolean>> | readonly string[] | undefined;

/** A map, or a list of NAME=value, as a map of texts. */
export function pairs(given: Pairs): Record<string, string> {
  if (given === undefined) return {};
  const entries = Array.isArray(given)
    ? (given as readonly string[]).map((entry) => {
        const at = entry.indexOf('=');
        return at < 0 ? [entry, ''] : [entry.slice(0, at), entry.slice(at + 1)];
      })
    : Object.entries(given).map(([name, value]) => [name, String(value)]);
  return Object.fromEntries(entries);
}

/** undefined: the image's own command. */
export function commandOf({ command, args }: PodmanService): string[] | undefined {
  if (command === undefined) return args && [...args];
  return [...(typeof command === 'string' ? splitShellWords(command) : command), ...(args ?? [])];
}

/** Ports with the address they are published on. A text that is no port was refused before it got here. */
export function publishedPorts(service: Pick<PodmanService, 'ports'>, hostIp: string): PublishedPort[] {
  return (service.ports ?? []).flatMap((text) => {
    const port = parsePort(text);
    return 'error' in port ? [] : [{ ...port, hostIp: port.hostIp ?? hostIp }];
  });
}

export type Mount =
  | { type: 'bind' | 'volume'; source: string; target: string; readOnly: boolean; options: string[] }
  /** A volume without a name: it goes with the container. */
  | { type: 'anonymous'; target: string; readOnly: boolean }
  | { type: 'tmpfs'; target: string };

export function mountsOf(service: Pick<PodmanService, 'volumes' | 'tmpfs'>): Mount[] {
  const tmpfs = service.tmpfs === undefined ? [] : [service.tmpfs].flat();
  return [...(service.volumes ?? []).map(mountOf), ...tmpfs.map((target): Mount => ({ type: 'tmpfs', target }))];
}

/**
 * The local socket's folder as a mount: a folder, so that the socket may be made anew while the container runs, and one that the
 * container cannot write to, so that it cannot put a link in the socket's place. Connecting needs no more.
 */
export const socketMount = (folder: string | undefined): Mount[] =>
  folder === undefined ? [] : [{ type: 'bind', source: folder, target: '/run/scorewall', readOnly: true, options: [] }];

function mountOf(volume: NonNullable<PodmanService['volumes']>[number]): Mount {
  if (typeof volume !== 'string') {
    const { type, source, target, read_only: readOnly = false } = volume;
    if (type === 'tmpfs') return { type, target };
    return source ? { type, source, target, readOnly, options: [] } : { type: 'anonymous', target, readOnly };
  }
  const [first, target, flags] = volume.split(':');
  if (target === undefined) return { type: 'anonymous', target: first!, readOnly: false };
  const options = (flags ?? '').split(',').filter((option) => option !== '' && option !== 'rw' && option !== 'ro');
  const readOnly = (flags ?? '').split(',').includes('ro');
  return { type: first!.startsWith('/') ? 'bind' : 'volume', source: first!, target, readOnly, options };
}

export interface RestartPolicy {
  name: 'no' | 'always' | 'unless-stopped' | 'on-failure';
  /** Tries of `on-failure`; undefined: as often as it takes. */
  tries?: number;
}

export function restartOf({ restart = 'always' }: Pick<PodmanService, 'restart'>): RestartPolicy {
  const [name, tries] = restart.split(':');
  return { name: name as RestartPolicy['name'], ...(tries === undefined ? {} : { tries: Number(tries) }) };
}

export interface Healthcheck {
  /** As both engines write it: `["CMD", ...]` or `["CMD-SHELL", line]`. */
  test: string[];
  intervalMs: number;
  timeoutMs: number;
  startPeriodMs: number;
  retries: number;
}

/** undefined: none in the Score, so the image's own counts; `off`: none at all. */
export function healthcheckOf({ healthcheck }: Pick<PodmanService, 'healthcheck'>): Healthcheck | 'off' | undefined {
  if (!healthcheck) return undefined;
  const { test, interval, timeout, start_period, retries = 3, disable } = healthcheck;
  const words = typeof test === 'string' ? ['CMD-SHELL', test] : test;
  if (disable || words?.[0] === 'NONE') return 'off';
  if (!words) return undefined;
  return {
    test: words,
    intervalMs: interval ? durationMs(interval) : 30_000,
    timeoutMs: timeout ? durationMs(timeout) : 30_000,
    startPeriodMs: start_period ? durationMs(start_period) : 0,
    retries,
  };
}

const UNIT: Readonly<Record<string, number>> = {
  b: 1,
  k: 1024,
  kb: 1024,
  m: 1024 ** 2,
  mb: 1024 ** 2,
  g: 1024 ** 3,
  gb: 1024 ** 3,
};

/** Bytes of `512m`, `2g` or a plain number. */
export function sizeBytes(size: string | number): number {
  if (typeof size === 'number') return size;
  const [, amount = '0', unit = 'b'] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(size) ?? [];
  return Math.round(Number(amount) * (UNIT[unit.toLowerCase() || 'b'] ?? 1));
}

export interface SecretFile {
  source: string;
  target: string;
  uid: number;
  gid: number;
  mode: number;
}

export function secretsOf({ secrets }: Pick<PodmanService, 'secrets'>): SecretFile[] {
  return (secrets ?? []).map((secret) => {
    const { source, target, uid, gid, mode } = typeof secret === 'string' ? { source: secret } : { ...secret };
    return { source, target: target ?? source, uid: Number(uid ?? 0), gid: Number(gid ?? 0), mode: mode ?? 0o444 };
  });
}
