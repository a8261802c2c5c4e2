/** Ports of a compose file, short and long, with ranges written out one by one. Pure. */
import { parsePort } from '#contracts/score/port.ts';

const RANGE = /^((?:\[[^\]]+\]|[\d.]+):)?(?:(\d+)(?:-(\d+))?:)?(\d+)(?:-(\d+))?(\/\w+)?$/;
const MAX_RANGE = 64;

export function composePorts(value: unknown, note: (message: string) => void): string[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry): string[] => {
    const text = typeof entry === 'object' && entry !== null ? longPort(entry as Record<string, unknown>) : String(entry);
    const ports = expand(text);
    if (ports.length > 0) return ports;
    note(`publishes the port ${text}, which cannot be read here. Write it like "8080:80".`);
    return [];
  });
}

function longPort({ target, published, host_ip: hostIp, protocol }: Record<string, unknown>): string {
  const host = published === undefined || published === '' ? '' : `${String(published)}:`;
  const ip = hostIp ? `${String(hostIp).includes(':') ? `[${String(hostIp)}]` : String(hostIp)}:` : '';
  return `${ip}${ip && !host ? ':' : host}${String(target)}${protocol ? `/${String(protocol)}` : ''}`;
}

function expand(text: string): string[] {
  if (!('error' in parsePort(text))) return [text];
  const match = RANGE.exec(text);
  if (!match) return [];
  const [, ip = '', hostFrom, hostTo, from, to, protocol = ''] = match;
  const count = Number(to ?? from) - Number(from) + 1;
  const hostCount = hostFrom ? Number(hostTo ?? hostFrom) - Number(hostFrom) + 1 : count;
  if (count < 1 || count > MAX_RANGE || hostCount !== count) return [];
  return Array.from(
    { length: count },
    (_, index) => `${ip}${hostFrom ? `${Number(hostFrom) + index}:` : ''}${Number(from) + index}${protocol}`,
  );
}
