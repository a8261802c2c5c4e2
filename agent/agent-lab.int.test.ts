import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { DeviceStatus } from '#contracts/status.ts';
import { killChild } from '#e2e/stack/kill-process.ts';
import { obtainNatsServer } from '#server/nats/binary.ts';
import { provisionFleet } from '#server/nats/provision.ts';
import { freePorts } from '#server/nats/test-server.ts';
import { createTestAgent, type TestAgent } from './test-agent.ts';

const WAITING = { timeout: 60_000, interval: 50 };
const DEVICE = `lab-${process.pid}`;

let folder: string;
let server: ChildProcess;
let hub: NatsConnection;
let agent: TestAgent;
/** A server as people have it at home: no operator, and one user for all devices. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorewall-lab-'));
  const [port] = await freePorts(1);
  const { path } = await obtainNatsServer({ stateDir: fileURLToPath(new URL('../.scorewall', import.meta.url)), say: () => {} });
  const users = `{ user: hub, password: "for the hub" }, { user: lab, password: "for the lab" }`;
  await writeFile(
    join(folder, 'server.conf'),
    `listen: 127.0.0.1:${port}\njetstream { store_dir: ${folder} }\nauthorization { users: [${users}] }\n`,
  );
  server = spawn(path, ['--config', join(folder, 'server.conf')], { stdio: 'ignore' });
  const natsUrl = `nats://127.0.0.1:${port}`;
  hub = await connect({ servers: natsUrl, user: 'hub', pass: 'for the hub', waitOnFirstConnect: true, reconnectTimeWait: 100 });
  await vi.waitFor(() => provisionFleet(hub).then(() => undefined), WAITING);
  const credentials = { user: 'lab', pass: 'for the lab' };
  agent = await createTestAgent({ device: DEVICE, natsUrl, credentials, hostIp: '127.0.2.2', engineSocket: '/nowhere.sock' });
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') process.stderr.write(agent.log());
  await agent.remove();
  await hub.close();
  await killChild(server);
  await rm(folder, { recursive: true, force: true });
});

it('a device of a lab works with one user for all, and its password stays out of the log', async () => {
  const buckets = new Kvm(hub);
  const indexes = await buckets.open('desired-index');
  await indexes.put(DEVICE, JSON.stringify({ device: DEVICE, keys: {} }));
  agent.start();
  const statuses = await buckets.open('status');
  const reports = (check: (status: DeviceStatus) => void) =>
    vi.waitFor(async () => {
      const entry = await statuses.get(DEVICE);
      check(DeviceStatus.parse(entry?.json()));
    }, WAITING);
  await reports(({ agent: { credentials, error } }) => {
    expect(credentials).toBe('toml-shared');
    expect(error).toBeUndefined();
  });
  const desired = await buckets.open('desired-state');
  const score = { type: 'PodmanV0', data: { services: [{ name: 'hello', image: 'localhost/hello:1' }] } };
  const revision = await desired.put(`${DEVICE}.hello`, JSON.stringify(score));
  await reports(({ deployments }) => expect(deployments).toMatchObject([{ name: 'hello', revision }]));
  expect(agent.log()).not.toContain('for the lab');
});
