/** A real front for tests that already have an anchor and a NATS. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createFront, type Front, type PageHandler } from './front.ts';
import type { AnchorAddress, WebSettings } from './web-settings.ts';

const HOST = '127.0.0.1';

interface TestFrontOptions extends Partial<Omit<WebSettings, 'anchor' | 'nats'>> {
  /** By its address, as a test has it, or its socket. */
  anchor: string | AnchorAddress;
  /** Where NATS listens for websockets. */
  wsUrl: string;
  pages?: PageHandler;
}

export interface OpenedFront {
  front: Front;
  port: number;
}

const NO_PAGES: PageHandler = async (_, response) => void response.writeHead(404).end();
const portOf = ({ server }: Front): number => (server.address() as AddressInfo).port;

export async function openTestFront({
  anchor,
  wsUrl,
  pages = NO_PAGES,
  port: wanted = 0,
  ...settings
}: TestFrontOptions): Promise<OpenedFront> {
  const front = createFront(
    {
      host: HOST,
      port: wanted,
      anchor: typeof anchor === 'string' ? addressOf(anchor) : anchor,
      nats: addressOf(wsUrl),
      tls: undefined,
      hosts: [],
      ...settings,
    },
    pages,
  );
  front.server.listen(wanted, HOST);
  await once(front.server, 'listening');
  return { front, port: portOf(front) };
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
