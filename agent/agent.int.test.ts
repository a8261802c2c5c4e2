import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
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

describe('a device', () => {
  it('reports who and what it is', async () => {
    await device.start();
    await device.reports(({ agent, engine, host }) => {
      expect(agent).toMatchObject({ version: '0.1.0', credentials: 'creds' });
      expect(agent.error).toBeUndefined();
      expect(engine).toMatchObject({ kind: 'podman', reachable: true });
      expect(host.memoryTotalBytes).toBeGreaterThan(0);
    });
  });

  it('runs what is written straight into the bucket, says so, and lets go of it at a delete marker', async () => {
    await device.start();
    const revision = await device.write('hello', device.score());
    await device.reportsRunning('hello', revision);
    await device.answers();
    await device.delete('hello');
    await device.isSilent();
    await device.reports(({ deployments }) => expect(deployments).toEqual([]));
    expect(await device.containerIds()).toEqual([]);
  });

  it('leaves its containers alone when it is stopped or killed, and takes the same ones up again', async () => {
    await device.start();
    await device.write('hello', device.score());
    await device.reportsRunning('hello');
    const before = await device.containerIds();

    expect(await device.agent.stop('SIGTERM')).toBe(0);
    await device.answers();
    await device.start();
    await device.reportsRunning('hello');

    await device.agent.stop('SIGKILL');
    await device.answers();
    await device.start();
    await device.reportsRunning('hello');
    expect(await device.containerIds()).toEqual(before);
  });

  it('survives every message that makes no sense, and runs what does', async () => {
    await device.start();
    await device.write('nonsense', '\u0000\uffff{');
    await device.write('huge', `{"type":"PodmanV0","data":"${'x'.repeat(900_000)}"}`);
    await device.write('later', '{"type":"JobV9","data":{}}');
    fleet.hub.publish(`desired-state.${device.name}.hello.more`, 'x');
    fleet.hub.publish(`desired-state.${device.name}.never`, 'x');
    await device.write('hello', device.score());
    await device.reportsRunning('hello');
    await device.reports(({ deployments }) => {
      const phase = (name: string) => deployments.find((one) => one.name === name)?.phase;
      expect(phase('later')).toBe('unsupported');
      expect(phase('nonsense')).toMatch(/failed|unsupported/);
      expect(phase('huge')).toMatch(/failed|unsupported/);
      expect(phase('never')).toBeUndefined();
    });
    await device.answers();
  });

  it('tells what happens as events', async () => {
    await device.start();
    await device.write('hello', device.score());
    await device.reportsRunning('hello');
    await vi.waitFor(async () => {
      const kinds = (await device.events()).map(({ kind }) => kind);
      expect(kinds).toContain('agent-started');
      expect(kinds).toContain('started');
    }, WAITING);
  });

  it('gives way to the agent that already uses its folder', async () => {
    await device.start();
    const first = device.agent.process;
    device.agent.start();
    expect(await device.agent.ended()).toBe(75);
    await vi.waitFor(() => expect(device.agent.log()).toContain('Another agent uses this state folder'), WAITING);
    device.agent.process = first;
    expect(first?.exitCode).toBeNull();
  });
});
