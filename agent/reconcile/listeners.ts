/** Who listens on the device's ports: read from `/proc/net`, the same table the kernel decides by. */
import { readFileSync } from 'node:fs';
import type { PublishedPort } from '#contracts/score/port.ts';

export interface Listener extends PublishedPort {
  hostIp: string;
  hostPort: number;
}

const TABLES = [
  { file: '/proc/net/tcp', protocol: 'tcp', listening: '0A' },
  { file: '/proc/net/tcp6', protocol: 'tcp', listening: '0A' },
  // An unconnected UDP socket is in state 07.
  { file: '/proc/net/udp', protocol: 'udp', listening: '07' },
  { file: '/proc/net/udp6', protocol: 'udp', listening: '07' },
] as const;

/** Empty where there is no `/proc`. */
export function readListeners(): Listener[] {
  return TABLES.flatMap(({ file, protocol, listening }) => {
    try {
      return parseListeners(readFileSync(file, 'latin1'), protocol, listening);
    } catch {
      return [];
    }
  });
}

export function parseListeners(table: string, protocol: 'tcp' | 'udp', listening: string): Listener[] {
  return table.split('\n').flatMap((line) => {
    const [, local, , state] = line.trim().split(/\s+/);
    const [address, port] = local?.split(':') ?? [];
    if (state !== listening || !address || !port) return [];
    return [{ hostIp: parseAddress(address), hostPort: Number.parseInt(port, 16), containerPort: 0, protocol }];
  });
}

/** The kernel prints each 32-bit word in the machine's own byte order, which is little-endian wherever this runs. */
function parseAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) =>
    (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)),
  );
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (isMapped) return bytes.slice(12).join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return '::1';
  return Array.from({ length: 8 }, (_, i) => (bytes[2 * i]! * 256 + bytes[2 * i + 1]!).toString(16)).join(':');
}
