/** What identity costs: credentials minted, keys rotated while the hub works, a device kept out beside a plain cut, signatures checked. */
import { once } from 'node:events';
import type { NatsConnection } from '@nats-io/nats-core';
import { toBase64url } from '#roadchain/bytes.ts';
import { checkSealed, pointOf, proposeGenesis, sealLink } from '#roadchain/chain.ts';
import { leafOfText, MerkleTree, provesInclusion } from '#roadchain/merkle.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { TestDevice } from '#server/identity/test-device.ts';
import { kickUser } from '#server/nats/account.ts';
import { connectNats } from '#server/nats/connect.ts';
import { mintDevice, mintDeviceUser } from '#server/nats/mint.ts';
import { createNkey } from '#server/nats/nkey.ts';
import { eventually, startTestHub, type TestHub } from '#server/test-anchor.ts';
import type { Bench } from './bench.ts';
import { compareTimes, type Figure, milliseconds, summarize } from './measure.ts';

const MINTED = 10_000;
const ROTATED = 1_000;
const AT_ONCE = 20;
const KEPT_OUT = 20;
const CHECKED = 2_000;
const LEAVES = 20_000;
const PATIENCE_MS = 300_000;

const ENV = {
  SCOREWALL_IDENTITY_SETTLE_SECONDS: '0',
  SCOREWALL_IDENTITY_ROTATE_SECONDS: '0',
  SCOREWALL_IDENTITY_RETIRE_SECONDS: '2',
};

export const identity: Bench = {
  name: 'identity',
  title: 'credentials minted, keys rotated under load, a device kept out, proofs checked',
  run: async (say) => {
    const hub = await startTestHub({ env: ENV });
    const devices: TestDevice[] = [];
    try {
      const minted = mint(hub);
      say(`${ROTATED} keys of ${AT_ONCE} devices are rotated`);
      const rotated = await rotate(hub, devices);
      say(`${KEPT_OUT} devices are kept out`);
      return [minted, rotated, await keepOut(hub, devices), ...check()];
    } finally {
      await Promise.all(devices.map((device) => device.stop()));
      await hub.stop();
    }
  },
};

function mint(hub: TestHub): Figure {
  const { publicKey } = createNkey('user');
  const expiresAt = new Date(Date.now() + 86_400_000);
  const begun = performance.now();
  for (let at = 0; at < MINTED; at++) mintDeviceUser(hub.nats.keys, { name: `device-${at}`, publicKey, expiresAt });
  const totalMs = performance.now() - begun;
  return {
    what: `${MINTED} device credentials minted`,
    value: milliseconds(totalMs),
    beside: `${Math.round((MINTED / totalMs) * 1000)} a second`,
    data: { totalMs, count: MINTED },
  };
}

async function join(hub: TestHub, devices: TestDevice[], name: string): Promise<TestDevice> {
  const { body } = await hub.first.call('POST', '/join-tokens', { json: { name } });
  const options = { hubUrl: hub.first.url, natsUrl: hub.nats.url, tickMs: 1_000 };
  const device = await TestDevice.join(options, body.token);
  devices.push(device);
  await device.start();
  await eventually(async () => device.phase.kind === 'live', `${name} ticks`, PATIENCE_MS);
  return device;
}

/** Each round asks the whole fleet at once; a device is done when it ticks with its next key. */
async function rotate(hub: TestHub, devices: TestDevice[]): Promise<Figure> {
  const fleet: TestDevice[] = [];
  for (let at = 0; at < AT_ONCE; at++) fleet.push(await join(hub, devices, `rotated-${at}`));
  const rounds = ROTATED / AT_ONCE;
  const times: number[] = [];
  const begun = performance.now();
  for (let round = 1; round <= rounds; round++) {
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
  const { p50, p95, max } = summarize(times);
  const { standing } = (await hub.first.call('GET', `/devices/${fleet[0]!.name}/identity`)).body;
  return {
    what: `${ROTATED} rotations, ${AT_ONCE} at once, asked to ticking`,
    value: `${milliseconds(p50)} / ${milliseconds(p95)}`,
    beside: `${Math.round((ROTATED / totalMs) * 1000)} a second`,
    must: { text: 'nobody contested', held: standing === 'active' },
    data: { totalMs, p50, p95, max },
  };
}

/** Beside it: the server is asked to cut one connection, and nothing else is done. */
async function keepOut(hub: TestHub, devices: TestDevice[]): Promise<Figure> {
  const cut: number[] = [];
  const plain: number[] = [];
  const sys = await hub.nats.connectAs('system');
  for (let at = 0; at < KEPT_OUT; at++) {
    const device = await join(hub, devices, `kept-out-${at}`);
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

function check(): Figure[] {
  const seed = nodeCrypto.random(32);
  const anchor = nodeCrypto.random(32);
  const anchorPk = toBase64url(nodeCrypto.publicKey(anchor));
  const of = { fleet: toBase64url(nodeCrypto.sha256(anchor)), dev: 'octavia' };
  const at = new Date().toISOString();
  const link = sealLink(nodeCrypto, anchor, proposeGenesis(nodeCrypto, { ...of, seed, tid: 't', agent: 'a', at }), {
    at,
    seq: 0,
  });
  pointOf(nodeCrypto, link);
  const links = timed(CHECKED, () => checkSealed(nodeCrypto, anchorPk, undefined, link, of).ok);
  const tree = new MerkleTree(nodeCrypto.sha256);
  const begun = performance.now();
  for (let leaf = 0; leaf < LEAVES; leaf++) tree.append(leafOfText(nodeCrypto.sha256, String(leaf)));
  const treeMs = performance.now() - begun;
  const root = tree.root();
  const proofs = timed(CHECKED, (index) => {
    const leaf = leafOfText(nodeCrypto.sha256, String(index));
    return provesInclusion(nodeCrypto.sha256, { index, size: LEAVES, leaf, root, proof: tree.inclusion(index) });
  });
  return [
    {
      what: 'a sealed link checked (two signatures)',
      value: `${links.toFixed(3)} ms`,
      beside: '',
      data: { eachMs: links },
    },
    {
      what: `an entry proved to be among ${LEAVES}`,
      value: `${proofs.toFixed(3)} ms`,
      beside: `the tree itself ${milliseconds(treeMs)}`,
      data: { eachMs: proofs, treeMs },
    },
  ];
}

/** Milliseconds of one. */
function timed(count: number, work: (at: number) => boolean): number {
  const begun = performance.now();
  for (let at = 0; at < count; at++) if (!work(at)) throw new Error('It does not hold, and it should.');
  return (performance.now() - begun) / count;
}
