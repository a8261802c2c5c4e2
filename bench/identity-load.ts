/** A thousand keys rotated while a thousand other devices report, and a device kept out beside a plain cut. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { NatsConnection } from '@nats-io/nats-core';
import type { TestDevice } from '#server/identity/test-device.ts';
import { kickUser } from '#server/nats/account.ts';
import { connectNats } from '#server/nats/connect.ts';
import { mintDevice } from '#server/nats/mint.ts';
import { eventually, type TestHub } from '#server/test-anchor.ts';
import type { FleetAnswer, FleetOrder } from './fleet-messages.ts';
import { storageTimes } from './identity-costs.ts';
import { join, PATIENCE_MS } from './identity-hub.ts';
import { compareTimes, type Figure } from './measure.ts';

const OTHERS = 1_000;
const REPORT_EVERY_MS = 30_000;
const ROTATED = 1_000;
const AT_ONCE = 20;
const KEPT_OUT = 20;
const STORED = 50;

/** Devices that report as real ones do, in a process of their own. */
export async function startOthers(hub: TestHub, say: (line: string) => void): Promise<ChildProcess> {
  const { buckets } = hub.first.anchor.hub;
  const devices = Array.from({ length: OTHERS }, (_, at) => {
    const name = `other-${at}`;
    return { name, ...mintDevice(hub.nats.keys, name) };
  });
  const createdAt = new Date().toISOString();
  const record = { labels: {}, local: false, createdAt, createdBy: 'bench' };
  await Promise.all(
    devices.map(({ name, publicKey }, at) => buckets.devices.put(name, { ...record, name, publicKey, seat: at + 100 })),
  );
  const child = fork(new URL('./fleet-process.ts', import.meta.url), {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const order: FleetOrder = {
    kind: 'connect',
    url: hub.nats.url,
    intervalMs: REPORT_EVERY_MS,
    devices: devices.map(({ name, creds }) => ({ name, creds })),
  };
  child.send(order);
  for (;;) {
    const [answer] = (await once(child, 'message')) as [FleetAnswer];
    if (answer.kind === 'failed') throw new Error(answer.why);
    if (answer.kind !== 'connected') continue;
    say(`${OTHERS} other devices report every ${REPORT_EVERY_MS / 1000} s; connected in ${(answer.tookMs / 1000).toFixed(1)} s`);
    return child;
  }
}

/** Each round asks the whole fleet at once; a device is done when it ticks with its next key. */
export async function rotate(hub: TestHub, devices: TestDevice[]): Promise<Figure> {
  const stored = await storageTimes(hub, STORED);
  const fleet = await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, at) => (await join(hub.first, hub.nats.url, `rotated-${at}`)).device),
  );
  devices.push(...fleet);
  const times: number[] = [];
  const begun = performance.now();
  for (let round = 1; round <= ROTATED / AT_ONCE; round++) {
    const asked = performance.now();
    await hub.first.call('POST', '/identity/rotate', { json: {} });
    await Promise.all(
      fleet.map(async (device) => {
        const isDone = async () => device.epoch >= round && device.phase.kind === 'live';
        await eventually(isDone, `${device.name} has key ${round}`, PATIENCE_MS);
        times.push(performance.now() - asked);
      }),
    );
  }
  const totalMs = performance.now() - begun;
  const { standing } = (await hub.first.call('GET', `/devices/${fleet[0]!.name}/identity`)).body;
  const figure = compareTimes(`${ROTATED} rotations, ${AT_ONCE} at once, asked to ticking`, times, {
    what: 'storage keeps one value',
    samples: stored,
  });
  return {
    ...figure,
    value: `${figure.value}, ${Math.round((ROTATED / totalMs) * 1_000)} a second`,
    must: { text: 'nobody contested', held: standing === 'active' },
    data: { ...figure.data, totalMs },
  };
}

/** Beside it: the server is asked to cut one connection, and nothing else is done. */
export async function keepOut(hub: TestHub, devices: TestDevice[]): Promise<Figure> {
  const cut: number[] = [];
  const plain: number[] = [];
  const sys = await hub.nats.connectAs('system');
  for (let at = 0; at < KEPT_OUT; at++) {
    const { device } = await join(hub.first, hub.nats.url, `kept-out-${at}`);
    devices.push(device);
    const closed = device.nc!.closed();
    const begun = performance.now();
    const asking = hub.first.call('POST', `/devices/${device.name}/keep-out`, { json: {} });
    await closed;
    cut.push(performance.now() - begun);
    const { body } = await asking;
    if (body.off.length > 0) throw new Error(body.off.join(' '));
    await device.stop();
    plain.push(await kick(hub, sys, at));
  }
  await sys.close();
  return compareTimes(
    `kept out: the connection is cut (${KEPT_OUT})`,
    cut,
    { what: 'a plain cut', samples: plain },
    { text: 'all under 1 s', holds: ({ max }) => max < 1_000 },
  );
}

async function kick(hub: TestHub, sys: NatsConnection, at: number): Promise<number> {
  const name = `plain-${at}`;
  const { publicKey, creds } = mintDevice(hub.nats.keys, name);
  const nc = await connectNats({ servers: hub.nats.url, creds, name, inboxPrefix: `_INBOX.${name}`, firstConnect: 'fail' });
  const lost = new AbortController();
  (async () => {
    for await (const { type } of nc.status()) if (type === 'disconnect') lost.abort();
  })();
  const begun = performance.now();
  const gone = once(lost.signal, 'abort');
  const kicking = kickUser(sys, hub.nats.keys.device.account, publicKey);
  await gone;
  const ms = performance.now() - begun;
  await kicking;
  await nc.close();
  return ms;
}
