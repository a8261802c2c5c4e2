import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import pino from 'pino';
import { afterEach, expect, test } from 'vitest';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import { encodeService } from '#contracts/score/score.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { vncService } from '#e2e/stack/vnc-service.ts';
import { type OwnContainer, ownContainer } from '../../reconcile/actual.ts';
import { ScreenDoor } from './screen-door.ts';
import { ScreenPictures } from './screen-pictures.ts';

let server: Server;
const sockets = new Set<Socket>();

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  server.close();
  await once(server, 'close');
});

const u16 = (...values: number[]) => Buffer.concat(values.map((value) => Buffer.of(value >> 8, value & 255)));
const u32 = (value: number) => Buffer.of((value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255);
const hello = Buffer.concat([Buffer.from('RFB 003.008\n'), Buffer.of(1, 1), u32(0)]);
const init = (width: number, height: number, nameBytes: number) =>
  Buffer.concat([u16(width, height), Buffer.alloc(16), u32(nameBytes)]);
const desktop = Buffer.concat([hello, init(64, 48, 4), Buffer.from('evil')]);
const update = (count: number) => Buffer.concat([Buffer.of(0, 0), u16(count)]);
const area = (x: number, y: number, width: number, height: number, encoding: number) =>
  Buffer.concat([u16(x, y, width, height), u32(encoding)]);

/** A VNC server that says this and then, for ever, zeros. */
async function trouble(...said: Buffer[]): Promise<string> {
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write(Buffer.concat(said));
    const zeros = Buffer.alloc(64 * 1024);
    const flood = () => {
      while (!socket.destroyed && socket.write(zeros));
      if (!socket.destroyed) socket.once('drain', flood);
    };
    flood();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const before = process.memoryUsage().arrayBuffers;
  const pictures = new ScreenPictures(doorTo((server.address() as { port: number }).port), pino({ level: 'silent' }));
  const follower = pictures.follow({ deployment: 'office', service: 'desk' }, { fps: 4 });
  try {
    const words = await eventually('it ends in words', () => follower.trouble);
    // One desktop of the largest size that is taken, and what the sockets of both ends hold.
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * 1024 * 1024);
    return words;
  } finally {
    follower.close();
    expect(pictures.watched).toBe(0);
  }
}

function doorTo(port: number): ScreenDoor {
  const service = vncService({ image: 'localhost/none:1' });
  const labels = {
    [CONTAINER_LABEL.device]: 'alice',
    [CONTAINER_LABEL.deployment]: 'office',
    [CONTAINER_LABEL.service]: 'desk',
    [CONTAINER_LABEL.score]: encodeService(service),
  };
  const seen = { id: 'a', name: 'desk', image: 'none', imageId: 'b', labels, state: 'running', pid: 1, exitCode: 0 } as const;
  const container = ownContainer(
    { ...seen, ports: [`127.0.0.1:${port}->5900/tcp`] },
    { device: 'alice', hostIp: '127.0.0.1' },
    Date.now(),
  ) as OwnContainer;
  return new ScreenDoor({ device: 'alice', engine: { addressOf: async () => undefined }, containerOf: () => container });
}

test.each<[string, Buffer[], RegExp]>([
  ['that is no VNC server', [Buffer.from('HTTP/1.1 200 OK\r\n\r\n')], /not a VNC server/],
  ['that asks for a password', [Buffer.from('RFB 003.008\n'), Buffer.of(1, 2)], /asks for a password/],
  ['that refuses', [Buffer.from('RFB 003.003\n'), u32(0), u32(4), Buffer.from('no\u001b!')], /refuses: no !/],
  ['as large as a city', [hello, init(65_535, 65_535, 4)], /65535 x 65535/],
  ['of no size', [hello, init(0, 0, 0)], /0 x 0/],
  ['with an endless name', [hello, init(64, 48, 0xffff_ffff)], /name without end/],
  ['with a picture beyond its edge', [desktop, update(1), area(60, 0, 64, 48, 0)], /larger than itself/],
  ['that grows without end', [desktop, update(1), area(0, 0, 60_000, 60_000, -223)], /60000 x 60000/],
  ['that copies from outside', [desktop, update(1), area(0, 0, 10, 10, 1), u16(60, 60)], /outside of itself/],
  ['with an encoding nobody asked for', [desktop, update(1), area(0, 0, 10, 10, 7)], /not asked for/],
  ['that repaints for ever', [desktop, update(65_535), ...repaints(64)], /update without end/],
  ['with an endless clipboard', [desktop, Buffer.of(3, 0, 0, 0), u32(0xffff_ffff)], /clipboard without end/],
  ['that speaks in tongues', [desktop, Buffer.of(200)], /not known here/],
])('a desktop %s costs little and is told in words', async (_what, said, words) => {
  expect(await trouble(...said)).toMatch(words);
});

function repaints(count: number): Buffer[] {
  return Array.from({ length: count }, () => Buffer.concat([area(0, 0, 64, 48, 0), Buffer.alloc(64 * 48 * 4)]));
}
