/** Published ports in the short syntax of the Compose specification: `[HOST_IP:][HOST:]CONTAINER[/PROTOCOL]`. */
import * as z from 'zod';

export interface PublishedPort {
  hostIp?: string;
  /** Absent: the engine chooses one. */
  hostPort?: number;
  containerPort: number;
  protocol: 'tcp' | 'udp' | 'sctp';
}

const PORT = /^(?:(\[[0-9a-fA-F:]+\]|\d{1,3}(?:\.\d{1,3}){3}):)?(?:(\d+)?:)?(\d+)(?:\/(tcp|udp|sctp))?$/;

/** The parsed port, or in words why it is none. Port ranges are refused: write one entry a port. */
export function parsePort(text: string): PublishedPort | { error: string } {
  const match = PORT.exec(text);
  if (!match)
    return {
      error: `${JSON.stringify(text)} is not a port. Write it like "8080:80" (this device's port 8080 to the service's port 80).`,
    };
  const [, hostIp, host, container, protocol] = match;
  if (hostIp?.includes('.') && hostIp.split('.').some((part) => Number(part) > 255))
    return { error: `${hostIp} is not an address.` };
  for (const [what, value] of [
    ['host', host],
    ['container', container],
  ] as const) {
    if (value !== undefined && !(Number(value) >= 1 && Number(value) <= 65_535))
      return { error: `${value} is no ${what} port. Ports go from 1 to 65535.` };
  }
  return {
    ...(hostIp ? { hostIp: hostIp.replace(/^\[|\]$/g, '') } : {}),
    ...(host ? { hostPort: Number(host) } : {}),
    containerPort: Number(container),
    protocol: (protocol as PublishedPort['protocol'] | undefined) ?? 'tcp',
  };
}

export const Port = z
  .string()
  .check((context) => {
    const port = parsePort(context.value);
    if ('error' in port) context.issues.push({ code: 'custom', input: context.value, message: port.error });
  })
  .describe('`[HOST_IP:][HOST:]CONTAINER[/tcp|udp|sctp]`, for example `8080:80`. Without a host port the engine chooses one.');
