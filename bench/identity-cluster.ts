/** How soon a device is out while a node of a three-node cluster is down; and that everything refuses it then. */
import { randomBytes } from 'node:crypto';
import { jwtAuthenticator } from '@nats-io/nats-core';
import { createUser } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import pino from 'pino';
import { subjects } from '#contracts/subjects.ts';
import { enrolRequest } from '#roadchain/device-state.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { renewLocalToken } from '#server/auth/local-access.ts';
import { TestDevice } from '#server/identity/test-device.ts';
import { connectNats } from '#server/nats/connect.ts';
import { mintPerson } from '#server/nats/mint.ts';
import { startTestCluster, type TestCluster, type TestNode } from '#server/nats/test-cluster.ts';
import { startAnchor } from '#server/start-anchor.ts';
import { eventually, TestAnchor } from '#server/test-anchor.ts';
import { fromSomewhere } from '#server/test-people.ts';
import { isLive, type Joined, join, PATIENCE_MS, QUICK_ENV } from './identity-hub.ts';
import { type Figure, milliseconds, summarize } from './measure.ts';

const SID = '0123456789abcdef';
const STREAM_EVERY_MS = 5;
const LEDGER = 'ROADCHAIN';

interface Place {
  cluster: TestCluster;
  anchor: TestAnchor;
  /** Where the hub's own connections are. */
  hubAt: string;
}

interface Down {
  what: string;
  /** So many devices are kept out. */
  count: number;
  /** The node that is killed, and the one the devices are on before. */
  choose(place: Place): Promise<{ killed: TestNode; devicesOn: TestNode }>;
}

const DOWN: readonly Down[] = [
  {
    what: 'one neither the hub nor the device is on',
    count: 20,
    choose: async ({ cluster: { nodes }, hubAt }) => {
      const [devicesOn, killed] = nodes.filter(({ url }) => url !== hubAt);
      return { killed: killed!, devicesOn: devicesOn! };
    },
  },
  {
    what: 'the one the device was on',
    count: 20,
    choose: async ({ cluster: { nodes }, hubAt }) => {
      const killed = nodes.find(({ url }) => url !== hubAt)!;
      return { killed, devicesOn: killed };
    },
  },
  { what: 'the one that led storage', count: 5, choose: (place) => leaderDown(place, place.cluster.metaLeader()) },
  { what: 'the one that led the ledger', count: 5, choose: (place) => leaderDown(place, place.cluster.streamLeader(LEDGER)) },
];

async function leaderDown({ cluster: { nodes } }: Place, leader: Promise<string | undefined>) {
  const name = await leader;
  const killed = nodes.find((node) => node.name === name) ?? nodes[0]!;
  return { killed, devicesOn: nodes.find((node) => node !== killed)! };
}

export async function keepOutInCluster(say: (line: string) => void): Promise<Figure[]> {
  const cluster = await startTestCluster();
  const devices: TestDevice[] = [];
  let anchor: TestAnchor | undefined;
  try {
    anchor = await startHub(cluster);
    const figures: Figure[] = [];
    for (const [at, down] of DOWN.entries())
      figures.push(...(await measure({ cluster, anchor, hubAt: hubAt(anchor) }, down, at, devices, say)));
    return figures;
  } finally {
    await Promise.all(devices.map((device) => device.stop()));
    await anchor?.stop();
    await cluster.stop();
  }
}

async function startHub({ home, keys, urls, nodes }: TestCluster): Promise<TestAnchor> {
  const anchor = await startAnchor({
    home,
    listen: '127.0.0.1:0',
    publicNatsUrls: nodes.map(({ url }) => url),
    log: pino({ level: process.env.TEST_LOG ?? 'silent' }),
    env: { ...QUICK_ENV, SCOREWALL_NATS_URL: urls, SCOREWALL_NATS_REPLICAS: '3' },
  });
  const admin = await connectNats({
    servers: urls.split(','),
    credsFile: keys.creds.admin,
    name: 'bench',
    inboxPrefix: '_INBOX.admin',
    firstConnect: 'fail',
  });
  const token = await renewLocalToken(admin);
  await admin.close();
  return new TestAnchor(anchor, token);
}

const hubAt = ({ anchor }: TestAnchor): string => `nats://${anchor.hub.store.nc.getServer()}`;

interface Kept {
  /** Until the connection of the device was closed. */
  cutMs: number;
  /** Until the last that a viewer heard of its stream. */
  heardMs: number;
}

async function measure(
  place: Place,
  down: Down,
  round: number,
  devices: TestDevice[],
  say: (line: string) => void,
): Promise<Figure[]> {
  const { cluster, anchor } = place;
  const { killed, devicesOn } = await down.choose(place);
  const others = cluster.nodes.filter((node) => node !== devicesOn).map(({ url }) => url);
  const joined: Joined[] = [];
  for (let at = 0; at <= down.count; at++) joined.push(await join(anchor, [devicesOn.url, ...others], `out-${round}-${at}`));
  devices.push(...joined.map(({ device }) => device));
  say(`${killed.name} is killed: ${down.what}; ${down.count} devices are kept out`);
  const [first, ...rest] = joined as [Joined, ...Joined[]];
  await killed.kill();
  // The very moment: what leads is not elected yet.
  const living = cluster.nodes.filter((node) => node !== killed);
  const pressed = performance.now();
  if (killed === devicesOn) await Promise.all(joined.map(({ device }) => device.reconnect()));
  const atOnce = await keepOut(place, first, living);
  await Promise.all(rest.map(({ device }) => isLive(device)));
  say(`all are connected again ${((performance.now() - pressed) / 1000).toFixed(1)} s later`);
  const kept: Kept[] = [];
  for (const one of rest) kept.push(await keepOut(place, one, living));
  const last = rest.at(-1)!.device;
  await killed.start();
  const returned = performance.now();
  await eventually(() => isRefused(last, killed), `${killed.name} refuses too`, PATIENCE_MS);
  const returnedMs = performance.now() - returned;
  const cut = summarize(kept.map(({ cutMs }) => cutMs));
  const heard = summarize(kept.map(({ heardMs }) => heardMs));
  await eventually(async () => (await fetch(`${killed.monitorUrl}/healthz`)).ok, `${killed.name} has caught up`, PATIENCE_MS);
  return [
    {
      what: `kept out, a node down: ${down.what} (${down.count})`,
      value: `${milliseconds(cut.p50)} / ${milliseconds(cut.p95)}`,
      beside: `its stream ends ${milliseconds(heard.p50)} / ${milliseconds(heard.p95)}`,
      must: { text: 'all under 1 s, all refuse', held: cut.max < 1_000 },
      data: { ...cut, heardP50: heard.p50, heardP95: heard.p95, returnedMs },
    },
    {
      what: '  pressed as the node died',
      value: milliseconds(atOnce.cutMs),
      beside: `the node refuses ${milliseconds(returnedMs)} after it is back`,
      must: { text: 'under 1 s', held: atOnce.cutMs < 1_000 },
      data: { cutMs: atOnce.cutMs, returnedMs },
    },
  ];
}

async function keepOut({ cluster, anchor }: Place, { device, token }: Joined, living: readonly TestNode[]): Promise<Kept> {
  const uid = randomBytes(8).toString('hex');
  const viewer = createUser();
  const { jwt, inboxPrefix } = mintPerson(
    cluster.keys,
    { kind: 'viewer', uid },
    { publicKey: viewer.getPublicKey(), ttlMs: 600_000 },
  );
  const servers = living.map(({ url }) => url);
  const watching = await connect({ servers, authenticator: jwtAuthenticator(jwt, viewer.getSeed()), inboxPrefix });
  let lastHeard = 0;
  const subject = subjects.term.out(device.name, SID);
  const hear = () => {
    lastHeard = performance.now();
  };
  watching.subscribe(subject, { callback: hear });
  await watching.flush();
  const streaming = setInterval(() => {
    if (device.nc && !device.nc.isClosed()) device.nc.publish(subject, 'x');
  }, STREAM_EVERY_MS);
  try {
    await eventually(async () => lastHeard > 0, `the stream of ${device.name} is heard`, PATIENCE_MS);
    const closed = device.nc!.closed();
    const pressed = performance.now();
    const gone = closed.then(() => performance.now() - pressed);
    // Storage that has no leader yet refuses at once: a person presses again.
    const answer = await eventually(
      async () => {
        const reply = await anchor.call('POST', `/devices/${device.name}/keep-out`, { json: {} });
        return reply.status < 500 && reply;
      },
      `${device.name} is kept out`,
      PATIENCE_MS,
    );
    if (answer.status !== 200 || answer.body.off.length > 0) throw new Error(`${device.name} is not out: ${answer.text}`);
    const cutMs = await gone;
    const heardAt = lastHeard;
    await refusedEverywhere(anchor, device, token, living);
    await device.stop();
    if (lastHeard > heardAt) throw new Error(`${device.name} was heard again after it was kept out.`);
    return { cutMs, heardMs: Math.max(0, lastHeard - pressed) };
  } finally {
    clearInterval(streaming);
    await watching.close();
  }
}

async function refusedEverywhere(
  anchor: TestAnchor,
  device: TestDevice,
  token: string,
  living: readonly TestNode[],
): Promise<void> {
  for (const node of living)
    if (!(await isRefused(device, node))) throw new Error(`${node.name} lets ${device.name} in, which is kept out.`);
  // Each from an address of its own: none is refused only because there were many.
  const hello = { dev: device.name, op: 'hello', epoch: device.epoch, head: device.head };
  const { body, text } = await anchor.raw('POST', '/rc/continue', { json: hello, headers: fromSomewhere() });
  if (body.op !== 'refused' || body.code !== 'kept-out') throw new Error(`The hub answers ${text}.`);
  const { device: again, secret } = TestDevice.fresh({ hubUrl: anchor.url, natsUrl: [] }, token);
  const request = { ...enrolRequest(nodeCrypto, again.state, secret), facts: {} };
  const enrolled = await anchor.raw('POST', '/rc/enrol', { json: request, headers: fromSomewhere() });
  if (![403, 410].includes(enrolled.status)) throw new Error(`Its old token is answered: ${enrolled.status} ${enrolled.text}`);
}

/** With the key and the credentials it had. */
async function isRefused(device: TestDevice, node: TestNode): Promise<boolean> {
  try {
    await (await device.connect(node.url)).close();
    return false;
  } catch (error) {
    if (/Authorization Violation|Revoked/i.test((error as Error).message)) return true;
    throw error;
  }
}
