import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DeviceStatus } from '#contracts/status.ts';
import { loadOrCreateFleetKeys } from '#server/nats/fleet-keys.ts';
import { mintDevice } from '#server/nats/mint.ts';
import { startTestFleet, type TestDevice, type TestFleet, WAITING } from './test-fleet.ts';

let fleet: TestFleet;
beforeAll(async () => {
  fleet = await startTestFleet();
});
afterAll(() => fleet?.stop());

let device: TestDevice;
beforeEach(async () => {
  device = await fleet.addDevice();
});
afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') process.stderr.write(device.agent.log());
  await device.remove();
});

const NOWHERE = 'nats://127.0.2.254:1';

describe('a device keeps running what it has', () => {
  beforeEach(async () => {
    await device.start();
    const revision = await device.write('hello', device.score());
    await device.writeIndex({ hello: revision });
    await device.reportsRunning('hello', revision);
  });

  it('after a power cut, before any server can be reached', async () => {
    await device.agent.stop('SIGKILL');
    await device.removeContainers();
    await device.isSilent();

    await device.agent.writeConfig({ natsUrl: NOWHERE });
    device.agent.start();
    await device.answers();
    // The network is there at last: the config is read again by itself.
    const backAtMs = Date.now();
    await device.agent.writeConfig();
    await device.reports(({ reportedAt }) => expect(Date.parse(reportedAt)).toBeGreaterThan(backAtMs));
    await device.reportsRunning('hello');
  });

  it('while the server is away, and catches up when it is back', async () => {
    const before = await device.containerIds();
    await fleet.nats.kill();
    await device.answers();
    await fleet.nats.restart();
    expect(await device.containerIds()).toEqual(before);

    const backAtMs = Date.now();
    await vi.waitFor(() => device.delete('hello'), WAITING);
    await device.isSilent();
    await device.reports(({ reportedAt, deployments }) => {
      expect(Date.parse(reportedAt)).toBeGreaterThan(backAtMs);
      expect(deployments).toEqual([]);
    });
  });

  it('while the list of its deployments is broken or missing, and says so', async () => {
    const before = await device.containerIds();
    await device.writeRawIndex('not a list');
    await device.reports(({ agent: { error } }) =>
      expect(error).toMatchObject({ code: 'invalid', message: expect.stringContaining('is broken') }),
    );
    await device.writeIndex({});
    await device.reports(({ agent: { error } }) => expect(error).toBeUndefined());
    // The list leaves it out, but its key is still there: only both together remove a deployment.
    await device.reportsRunning('hello');
    expect(await device.containerIds()).toEqual(before);
  });

  it('with the last good config while the file is broken, also through a restart, and says so', async () => {
    const saysSo = ({ agent: { error } }: DeviceStatus) =>
      expect(error).toMatchObject({ code: 'invalid', message: expect.stringMatching(/agent\.toml:1:\d+: This is not TOML/) });
    await writeFile(device.agent.configPath, '[agent\ndevice_id = ');
    await device.reports(saysSo);
    await device.agent.stop('SIGKILL');
    await device.start();
    await device.reports(saysSo);
    await device.answers();
    await device.reportsRunning('hello');
    await device.agent.writeConfig();
    await device.reports(({ agent: { error } }) => expect(error).toBeUndefined());
  });

  it('when its saved state was torn, and removes nothing until it has read all of it again', async () => {
    const second = await device.write('second', device.score({ name: 'second', ports: [] }));
    await device.reports(({ deployments }) => expect(deployments[1]).toMatchObject({ name: 'second', phase: 'running' }));
    const before = await device.containerIds();
    await device.agent.stop('SIGKILL');
    await writeFile(join(device.agent.folder, 'state', 'desired-state.json'), '# sha256 00');
    await device.agent.writeConfig({ natsUrl: NOWHERE });
    device.agent.start();
    await vi.waitFor(() => expect(device.agent.log()).toContain('using the copy before it'), WAITING);

    const { hello } = JSON.parse((await device.readIndex()) ?? '').keys;
    await device.writeIndex({ hello, second });
    await device.agent.writeConfig();
    await device.reportsRunning('hello', hello);
    await device.reports(({ deployments }) =>
      expect(deployments.find(({ name }) => name === 'second')).toMatchObject({ phase: 'running', revision: second }),
    );
    expect(await device.containerIds()).toEqual(before);
  });

  it('when its saved state is gone altogether', async () => {
    const before = await device.containerIds();
    await device.agent.stop('SIGKILL');
    await rm(join(device.agent.folder, 'state'), { recursive: true });
    await device.writeRawIndex('not a list');
    await device.start();
    await device.reports(({ agent: { error }, deployments }) => {
      expect(error).toMatchObject({ code: 'invalid' });
      expect(deployments).toMatchObject([{ name: 'hello', phase: 'running' }]);
    });
    // What comes now is added; what is there stays.
    await device.write('second', device.score({ name: 'second', ports: [] }));
    await device.reports(({ deployments }) => expect(deployments).toHaveLength(2));
    await device.answers();
    expect(await device.containerIds()).toEqual(expect.arrayContaining(before));
    await device.delete('hello');
    await device.isSilent();
  });
});

describe('a device that cannot begin', () => {
  it('says what is wrong with its config and ends with the code for it', async () => {
    await writeFile(device.agent.configPath, '[agent]\ndevice_id = "Alice"\n');
    device.agent.start();
    expect(await device.agent.ended()).toBe(78);
    await vi.waitFor(() => expect(device.agent.log()).toMatch(/agent\.toml:2:1: .*A service manager should wait/), WAITING);
  });

  it('waits for credentials that the server takes', async () => {
    const creds = join(device.agent.folder, 'device.creds');
    const folder = await mkdtemp(join(tmpdir(), 'scorewall-foreign-'));
    await writeFile(creds, mintDevice(await loadOrCreateFleetKeys(folder), device.name).creds);
    await rm(folder, { recursive: true });
    device.agent.start();
    await vi.waitFor(() => expect(device.agent.log()).toContain('refuses this device'), WAITING);
    await writeFile(creds, mintDevice(fleet.nats.keys, device.name).creds);
    await device.reports(({ device: name }) => expect(name).toBe(device.name));
  });

  it('waits for an engine, and says so meanwhile', async () => {
    await device.agent.writeConfig({ engineSocket: '/nowhere/podman.sock' });
    await device.start();
    await device.reports(({ engine }) =>
      expect(engine).toMatchObject({ reachable: false, error: { code: 'engine-unreachable' } }),
    );
    await device.agent.writeConfig();
    await device.reports(({ engine }) => expect(engine).toMatchObject({ kind: 'podman', reachable: true }));
  });
});
