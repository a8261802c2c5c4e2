import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, it } from 'vitest';
import { listenersAmong } from './port-probe.ts';

it('tells a free port from one that somebody listens on, and asks twice without disturbing itself', async () => {
  const server = createServer().listen(0, '127.0.1.201');
  await once(server, 'listening');
  const { port: hostPort } = server.address() as AddressInfo;
  const port = { hostIp: '127.0.1.201', hostPort, containerPort: 80, protocol: 'tcp' } as const;
  expect(await listenersAmong([port])).toContainEqual(expect.objectContaining({ hostIp: '127.0.1.201', hostPort }));
  const elsewhere = { ...port, hostIp: '127.0.1.202' };
  expect(await listenersAmong([elsewhere, elsewhere, { ...elsewhere, protocol: 'udp' }])).toEqual([]);
  server.close();
});
