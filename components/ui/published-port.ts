/** A published port of a report as something to click: `127.0.0.11:8080->80/tcp`. Anything else than a plain address is no link. Pure. */
const PUBLISHED = /^(?:(\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-fA-F:]+\]):)?(\d{1,5})->(\d{1,5})(?:\/(tcp|udp|sctp))?$/;
const EVERYWHERE = new Set(['0.0.0.0', '[::]']);

export interface PortLink {
  hostPort: string;
  containerPort: string;
  /** Absent where nothing could answer: not TCP, or no address is known. */
  href: string | undefined;
}

/** `address` is where the device's connection comes from: the host of a port that listens everywhere. */
export function portLink(text: string, address: string | undefined): PortLink | undefined {
  const match = PUBLISHED.exec(text);
  if (!match) return undefined;
  const [, bound, hostPort = '', containerPort = '', protocol = 'tcp'] = match;
  const host = bound && !EVERYWHERE.has(bound) ? bound : plainHost(address);
  return { hostPort, containerPort, href: host && protocol === 'tcp' ? `http://${host}:${hostPort}/` : undefined };
}

function plainHost(address: string | undefined): string | undefined {
  if (!address) return undefined;
  if (/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return address;
  return /^[0-9a-fA-F:]+$/.test(address) ? `[${address}]` : undefined;
}
