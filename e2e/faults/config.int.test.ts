import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../stack/eventually.ts';
import { Stack } from '../stack/stack.ts';
import { page } from './services.ts';
import { expectTruth } from './truth.ts';

describe('a corrupted agent config', () => {
  let stack: Stack;
  let good: string;
  let containerId: string;
  beforeAll(async () => {
    stack = await Stack.start({ devices: ['alice'], settings: ['report_interval_ms = 1000'] });
    await stack.deploy('web', [page('web', 8401)]);
    await expectTruth(stack);
    good = await stack.device.readConfig();
    containerId = (await stack.engine.containers('device', stack.device.name))[0]!.id;
  });
  afterAll(() => stack?.stop());

  const sameContainerRuns = async () => {
    const now = await stack.engine.containers('device', stack.device.name);
    return now.length === 1 && now[0]!.id === containerId && now[0]!.state === 'running';
  };

  test('while it runs: it says where the file is wrong and runs on with the last good one', async () => {
    const { device, store } = stack;
    await device.writeConfig(good.replace('[nats]', '[nats'));
    const said = await eventually(
      'the report names the trouble',
      async () => (await store.status(device.name))?.agent.error?.message,
    );
    expect(said).toContain('agent.toml');
    expect(said).not.toContain('BEGIN');
    expect(await sameContainerRuns()).toBe(true);
    await device.writeConfig(good);
    await eventually('the trouble is over', async () => {
      const status = await store.status(device.name);
      return status !== undefined && status.agent.error === undefined;
    });
    await expectTruth(stack);
  });

  test('at its start: it runs with the last good one, and still repairs', async () => {
    const { device, engine } = stack;
    await device.agent.kill();
    await device.writeConfig('device_id = ');
    device.agent.start();
    await device.agent.said(/last good config/);
    expect(await sameContainerRuns()).toBe(true);
    await engine.removeContainer(containerId);
    await expectTruth(stack);
    await device.agent.kill();
    await device.writeConfig(good);
    device.agent.start();
    await expectTruth(stack);
    containerId = (await engine.containers('device', device.name))[0]!.id;
  });

  test('without any good one before: it says what is wrong and leaves containers alone', async () => {
    const { device } = stack;
    await device.agent.kill();
    await rm(device.stateDir, { recursive: true });
    await device.writeConfig(good.replace('device_id', 'device-name'));
    device.agent.start();
    const line = await device.agent.said(/device_id/);
    expect(line).toMatch(/agent\.toml/);
    expect(await sameContainerRuns()).toBe(true);
    await device.agent.kill();
    await device.writeConfig(good);
    device.agent.start();
    await expectTruth(stack);
    expect(await sameContainerRuns()).toBe(true);
  });
});
