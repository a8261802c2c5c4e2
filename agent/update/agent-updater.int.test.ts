/** What an installed agent makes of offers, good and forged, with real slots and a real hub to fetch from. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AgentUpdateState } from '#contracts/status.ts';
import { toBase64url } from '#roadchain/bytes.ts';
import type { UpdateOffer } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { type OfferedUpdate, signProof } from '#roadchain/proofs.ts';
import { createLogger } from '../log.ts';
import { AGENT_VERSION } from '../version.ts';
import { AgentUpdater } from './agent-updater.ts';
import { stageUpdate, type UpdatePlaces } from './slots.ts';

const WAITING = { timeout: 30_000, interval: 10 };
const CODE = Buffer.from('console.log("new");\n');
const ANCHOR = nodeCrypto.random(32);
const sha256Of = (code: Buffer) => createHash('sha256').update(code).digest('hex');

let folder: string;
let places: UpdatePlaces;
let ownFile: string;
let server: Server;
let url: string;
let asked: string[];
/** What the hub carries. */
let served: Buffer;
let ended: number;
let said: (AgentUpdateState | undefined)[];
let updater: AgentUpdater;
const ending = new AbortController();

async function open(at: UpdatePlaces | undefined): Promise<AgentUpdater> {
  const opened: AgentUpdater = await AgentUpdater.open({
    device: 'octavia',
    places: at,
    ownFile,
    onChange: () => void said.push(opened.state()),
    end: () => {
      ended += 1;
    },
    signal: ending.signal,
    log: createLogger({ level: 'error', format: 'json', write: () => undefined }),
  });
  return opened;
}

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scorewall-updater-'));
  places = { home: path.join(folder, 'home'), slots: path.join(folder, 'slots') };
  await mkdir(places.home);
  await mkdir(places.slots);
  ownFile = path.join(places.home, 'agent.mjs');
  await writeFile(ownFile, '');
  [asked, said, ended, served] = [[], [], 0, CODE];
  server = createServer((request, response) => {
    asked.push(request.url!);
    response.writeHead(200, { 'content-length': served.length }).end(served);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  updater = await open(places);
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const SESSION = toBase64url(nodeCrypto.random(32));
const GOOD: OfferedUpdate = {
  dev: 'octavia',
  session: SESSION,
  from: AGENT_VERSION,
  version: '99.0',
  sha256: sha256Of(CODE),
  sizeBytes: CODE.length,
  rollout: 10,
};
function offer(changes: Partial<OfferedUpdate> = {}, seed = ANCHOR): UpdateOffer {
  const { dev, session, ...rest } = { ...GOOD, ...changes };
  return { ...rest, sig: signProof(nodeCrypto, seed, 'update', { dev, session, ...rest }) };
}
const give = (one: UpdateOffer, to = updater) =>
  to.offered(one, { device: 'octavia', anchor: toBase64url(nodeCrypto.publicKey(ANCHOR)), hub: { url }, session: SESSION });
const trial = () => readlink(path.join(places.slots, 'trial')).catch(() => undefined);

async function changesNothing(one: UpdateOffer): Promise<void> {
  const before = [updater.state(), await trial(), asked.length, said.length];
  await give(one);
  expect([updater.state(), await trial(), asked.length, said.length]).toEqual(before);
  expect(ended).toBe(0);
}
async function isTaken(one: UpdateOffer): Promise<void> {
  await give(one);
  const { version, rollout } = one;
  expect(updater.state()).toEqual({ state: 'starting', version, rollout });
  expect(await readFile(path.join(places.slots, 'trial', 'agent.mjs'))).toEqual(served);
  expect(ended).toBe(1);
}

describe('an offer', () => {
  it('by the anchor, for this device and what it runs, is fetched once, laid down and started', async () => {
    expect(updater.state()).toEqual({ state: 'ready' });
    await Promise.all([isTaken(offer()), give(offer()), give(offer())]);
    expect(asked).toEqual(['/install/agent.mjs']);
    expect(said.map((state) => state?.state)).toEqual(['fetching', 'starting']);
    await give(offer({ version: '100.0', rollout: 11 }));
    expect([ended, asked.length]).toEqual([1, 1]);
  });

  const other = nodeCrypto.random(32);
  it.each<[string, () => UpdateOffer]>([
    ['signed by another anchor', () => offer({}, other)],
    ['for another device', () => offer({ dev: 'aria' })],
    ['for an earlier start of its agent', () => offer({ session: toBase64url(nodeCrypto.random(32)) })],
    ['for another agent than the one that runs', () => offer({ from: '0.0.1' })],
    ['for what runs already', () => offer({ version: AGENT_VERSION })],
    ['whose file was exchanged', () => ({ ...offer(), sha256: '0'.repeat(64) })],
    ['whose version was exchanged', () => ({ ...offer(), version: '98.0' })],
    ['whose number was exchanged', () => ({ ...offer(), rollout: 11 })],
    ['whose signature is none', () => ({ ...offer(), sig: 'A'.repeat(86) })],
  ])('S20 %s changes nothing', async (_, forged) => {
    await changesNothing(forged());
    await isTaken(offer());
  });

  it('S20 from an earlier rollout than the last one that was tried changes nothing', async () => {
    await stageUpdate(places, { version: '98.0', rollout: 9, sha256: sha256Of(CODE), code: CODE });
    await rm(path.join(places.slots, 'trial'));
    updater = await open(places);
    await changesNothing(offer({ rollout: 8 }));
    await isTaken(offer({ rollout: 10 }));
  });

  it('S20 of another file than the hub has is not laid down, and said to be wrong', async () => {
    served = Buffer.from('console.log("bad");\n');
    expect(served.length).toBe(CODE.length);
    await give(offer());
    expect(updater.state()).toMatchObject({ state: 'failed', version: '99.0', message: expect.stringContaining('SHA-256') });
    await changesNothing(offer());
    served = Buffer.alloc(1_000_000);
    await give(offer({ rollout: 11 }));
    expect(updater.state()).toMatchObject({ state: 'failed', rollout: 11, message: expect.stringContaining('another file') });
    expect([ended, await trial()]).toEqual([0, undefined]);
    served = CODE;
    await isTaken(offer({ rollout: 12 }));
  });

  it('that went back is not tried again by itself, but by a later rollout', async () => {
    await stageUpdate(places, { version: '99.0', rollout: 10, sha256: sha256Of(CODE), code: CODE });
    // As the launcher leaves it.
    await rm(path.join(places.slots, 'trial'));
    await writeFile(path.join(places.slots, 'returned'), '99.0\n');
    updater = await open(places);
    expect(updater.state()).toMatchObject({ state: 'returned', version: '99.0', rollout: 10 });
    await changesNothing(offer());
    await isTaken(offer({ rollout: 11 }));
  });

  it('of a hub that is away is tried again, and said to be under way', async () => {
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    await give(offer());
    expect(updater.state()).toMatchObject({ state: 'fetching', message: expect.stringContaining('cannot be reached') });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    await vi.waitFor(async () => {
      await give(offer());
      expect(ended).toBe(1);
    }, WAITING);
  });

  it('means nothing to an agent that no launcher started', async () => {
    updater = await open(undefined);
    expect(updater.state()).toBeUndefined();
    await changesNothing(offer());
    updater = await open(places);
    await isTaken(offer());
  });
});
