/**
 * Refuses foreign names in the Host header: without this, a page of a stranger whose name is pointed at this machine
 * (DNS rebinding) would be same-origin with the wall. An address cannot be rebound, a name we know is ours.
 */
import { isIP } from 'node:net';

/** The name without its port, lower case; undefined where it cannot be one. */
export function hostName(header: string | undefined): string | undefined {
  if (!header) return undefined;
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9.-]+))(?::\d{1,5})?$/.exec(header);
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}

export function isAllowedHost(header: string | undefined, known: readonly string[]): boolean {
  const name = hostName(header);
  if (!name) return false;
  if (isIP(name) !== 0) return true;
  return name === 'localhost' || name.endsWith('.localhost') || name.endsWith('.local') || known.includes(name);
}
