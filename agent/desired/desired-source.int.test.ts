import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { mintDevice } from '#server/nats/mint.ts';
import { provisionFleet } from '#server/nats/provision.ts';
import { startTestNats, type TestNats } from '#server/nats/test-server.ts';
import { CredsFile } from '../identity/creds-file.ts';
import { createLogger } from '../log.ts';
import { NatsLink } from '../nats-link.ts';
import { DesiredSource } from './desired-source.ts';
import { type DesiredState, NOTHING_KNOWN, toDeployments } from './desired-state.ts';
import { DesiredStore } from './desired-store.ts';

const log = createLogger({
  level: process.env.DEBUG ? 'debug' : 'error',
  format: 'text',
  write: (line) => process.stderr.write(line),
});
const waiting = { timeout: 30_000, interval: 20 };

let nats: TestNats;
let hub: NatsConnection;
let desired: KV;
let indexes: KV;
beforeAll(async () => {
  nats = await startTestNats();
  hub = await nats.connectAs('admin');
  await provisionFleet(hub);
  desired = await new Kvm(hub).open('desired-state');
  indexes = await new Kvm(hub).open('desired-index');
});
afterAll(async () => {
  await hub?.close();
  await nats?.stop();
});

let count = 0;
let device: string;
let folder: string;
let follower: Follower;
beforeEach(async () => {
  device = `desired-${++count}`;
  folder = await mkdtemp(join(tmpdir(), 'scorewall-desired-'));
  await writeFile(join(folder, 'device.creds'), mintDevice(nats.keys, device).creds, { mode: 0o600 });
  follower = follow();
});
afterEach(async () => {
  await follower.stop();
  await rm(folder, { recursive: true });
});

interface Follower {
  state: DesiredState;
  trouble: string | undefined;
  attached: number;
  stop(): Promise<void>;
}

/** The agent's own way to its desired state, with its own credentials, without an engine behind it. */
function follow(urls: string[] = [nats.url], resyncIntervalMs = 500): Follower {
  const abort = new AbortController();
  const following: Follower = { state: NOTHING_KNOWN, trouble: undefined, attached: 0, stop: async () => undefined };
  const source = new DesiredSource({
    device,
    store: new DesiredStore(folder, device, log, () => undefined),
    resyncIntervalMs,
    log,
    onState: (state) => {
      following.state = state;
    },
    onTrouble: (message) => {
      following.trouble = message;
    },
  });
  const credentials = new CredsFile(join(folder, 'device.creds'), device, log);
  const counter = { attach: () => following.attached++, detach: () => undefined };
  const link = new NatsLink({ device, urls, credentials, users: [source, counter], log });
  const running = Promise.all([source.run(abort.signal), link.run(abort.signal)]);
  following.stop = async () => {
    abort.abort();
    await running;
  };
  return following;
}

const putIndex = (keys: Record<string, number>) => indexes.put(device, JSON.stringify({ device, keys }));
/** Connected, with an empty list read: from here on only keys speak. */
async function knowingNothingElse(): Promise<void> {
  await putIndex({});
  await vi.waitFor(() => expect(follower.state.complete).toBe(true), waiting);
}
const texts = () => Object.fromEntries(toDeployments(follower.state).map(({ name, text }) => [name, text]));
const eventually = (texts_: Record<string, string>) => vi.waitFor(() => expect(texts()).toEqual(texts_), waiting);

describe('a device follows its desired state', () => {
  it('knows everything once the list and its keys were read', async () => {
    const revision = await desired.put(`${device}.hello`, 'one');
    await putIndex({ hello: revision });
    await eventually({ hello: 'one' });
    await vi.waitFor(() => expect(follower.state.complete).toBe(true), waiting);
    expect(toDeployments(follower.state)).toEqual([{ name: 'hello', revision, text: 'one' }]);
    expect(follower.trouble).toBeUndefined();
  });

  it('takes a key that somebody else wrote, before any list has it, and a change of it', async () => {
    await knowingNothingElse();
    await desired.put(`${device}.direct`, 'one');
    await eventually({ direct: 'one' });
    await desired.put(`${device}.direct`, 'two');
    await eventually({ direct: 'two' });
  });

  it('is told of changes over each connection it gets, and need not look by itself', async () => {
    await follower.stop();
    follower = follow(undefined, 600_000);
    for (let attached = 1; attached <= 2; attached++) {
      await vi.waitFor(() => expect(follower.attached).toBe(attached), waiting);
      await knowingNothingElse();
      await desired.put(`${device}.hello`, `told ${attached}`);
      await eventually({ hello: `told ${attached}` });
      if (attached === 1) await writeFile(join(folder, 'device.creds'), mintDevice(nats.keys, device).creds, { mode: 0o600 });
    }
  });

  it.each(['delete', 'purge'] as const)('lets go of a key at its marker: %s', async (remove) => {
    await knowingNothingElse();
    await desired.put(`${device}.hello`, 'one');
    await eventually({ hello: 'one' });
    await desired[remove](`${device}.hello`);
    await eventually({});
  });

  it('never sees the keys of another device', async () => {
    await knowingNothingElse();
    await desired.put('somebody-else.hello', 'theirs');
    await desired.put(`${device}.hello`, 'mine');
    await eventually({ hello: 'mine' });
  });

  it.each([
    ['broken', '{"device":', /is broken \(it is not JSON\)/],
    ['of another device', '{"device":"other","keys":{}}', /it is the list of other/],
    ['of another shape', '{"device":"x","keys":[]}', /is broken/],
  ])('keeps everything and says so while the list is %s', async (_, text, words) => {
    await putIndex({ hello: await desired.put(`${device}.hello`, 'one') });
    await eventually({ hello: 'one' });
    await indexes.put(device, text);
    await vi.waitFor(() => expect(follower.trouble).toMatch(words), waiting);
    expect(texts()).toEqual({ hello: 'one' });
    await putIndex({ hello: 1 });
    await vi.waitFor(() => expect(follower.trouble).toBeUndefined(), waiting);
    expect(texts()).toEqual({ hello: 'one' });
  });

  it('keeps everything and says so while the list is missing', async () => {
    await vi.waitFor(() => expect(follower.trouble).toMatch(/is missing on the hub/), waiting);
    expect(follower.state.complete).toBe(false);
    await putIndex({});
    await vi.waitFor(() => expect(follower.state.complete).toBe(true), waiting);
    await indexes.delete(device);
    await vi.waitFor(() => expect(follower.trouble).toMatch(/is missing on the hub/), waiting);
  });

  it('says which deployment of the list is nowhere, and runs the others', async () => {
    await putIndex({ ghost: 1, hello: await desired.put(`${device}.hello`, 'one') });
    await eventually({ hello: 'one' });
    await vi.waitFor(() => expect(follower.trouble).toMatch(/lists ghost for .* but does not have it/), waiting);
  });

  it('is not disturbed by keys that no deployment can have', async () => {
    await knowingNothingElse();
    hub.publish(`$KV.desired-state.${device}.Not_A_Name`, 'x');
    hub.publish(`$KV.desired-state.${device}.a.b`, 'x');
    await desired.put(`${device}.hello`, 'one');
    await eventually({ hello: 'one' });
  });

  it('catches up after the server was away, whatever happened meanwhile', async () => {
    await knowingNothingElse();
    await desired.put(`${device}.stays`, 'one');
    await desired.put(`${device}.goes`, 'one');
    await eventually({ stays: 'one', goes: 'one' });
    await nats.kill();
    expect(texts()).toEqual({ stays: 'one', goes: 'one' });
    await nats.restart();
    await vi.waitFor(() => desired.put(`${device}.stays`, 'two'), waiting);
    await desired.delete(`${device}.goes`);
    await eventually({ stays: 'two' });
  });

  it('ends in what the bucket holds after many changes and lost connections', async () => {
    await knowingNothingElse();
    const names = ['a', 'b', 'c', 'd'];
    for (let step = 0; step < 200; step++) {
      const name = names[Math.floor(Math.random() * names.length)]!;
      const change = async () => {
        if (Math.random() < 0.4) await desired.delete(`${device}.${name}`);
        else await desired.put(`${device}.${name}`, `${step}`);
      };
      if (step % 70 === 69) await nats.kill().then(() => nats.restart());
      await vi.waitFor(change, waiting);
    }
    const kept: Record<string, string> = {};
    const keys: Record<string, number> = {};
    for (const name of names) {
      const entry = await desired.get(`${device}.${name}`);
      if (entry?.operation !== 'PUT') continue;
      kept[name] = entry.string();
      keys[name] = entry.revision;
    }
    await putIndex(keys);
    await eventually(kept);
  });

  it('believes a bucket that was lost and made anew, though its revisions begin at 1 again', async () => {
    await putIndex({ hello: await desired.put(`${device}.hello`, 'one') });
    await eventually({ hello: 'one' });
    const manager = await jetstreamManager(hub);
    await manager.streams.delete('KV_desired-state');
    await provisionFleet(hub);
    expect(texts()).toEqual({ hello: 'one' });
    await vi.waitFor(() => desired.put(`${device}.hello`, 'anew'), waiting);
    await eventually({ hello: 'anew' });
  });

  it('starts from its disk where no server can be reached', async () => {
    await putIndex({ hello: await desired.put(`${device}.hello`, 'one') });
    await vi.waitFor(() => expect(follower.state.complete).toBe(true), waiting);
    await eventually({ hello: 'one' });
    await follower.stop();
    follower = follow(['nats://127.0.2.254:1']);
    await eventually({ hello: 'one' });
    expect(follower.state.complete).toBe(true);
  });

  it('takes new credentials without a restart', async () => {
    await follower.stop();
    await rm(join(folder, 'device.creds'));
    follower = follow();
    await desired.put(`${device}.hello`, 'one');
    await writeFile(join(folder, 'device.creds'), mintDevice(nats.keys, device).creds, { mode: 0o600 });
    await putIndex({ hello: 1 });
    await eventually({ hello: 'one' });
  });
});
