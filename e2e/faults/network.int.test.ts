import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, eventuallyAnswers } from '../stack/eventually.ts';
import { Stack } from '../stack/stack.ts';
import { HELLO_NEXT, page, sleeper } from './services.ts';
import { expectTruth } from './truth.ts';

describe('a device without a network', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({ devices: ['alice'], settings: ['report_interval_ms = 2000'] });
    await stack.deploy('web', [page('web', 8301)]);
    await stack.deploy('worker', [sleeper('one'), sleeper('two')]);
    await expectTruth(stack);
  });
  afterAll(() => stack?.stop());

  test('boots with NATS out of reach: its containers come up from its own disk', async () => {
    const { device, engine } = stack;
    await device.agent.kill();
    await device.network.shut();
    for (const { id } of await engine.containers('device', device.name))
      await engine.api.expect('POST', `/containers/${id}/stop?t=0`);
    device.agent.start();

    await eventually('all three containers run again', async () => {
      const now = await engine.containers('device', device.name);
      return now.length === 3 && now.every(({ state }) => state === 'running');
    });
    await eventuallyAnswers(`http://${device.address}:8301/`);
    await device.network.open();
    await expectTruth(stack);
  });

  test('boots onto an empty engine without a network: the containers are made anew', async () => {
    const { device, engine } = stack;
    await device.agent.kill();
    await device.network.shut();
    for (const { id } of await engine.containers('device', device.name)) await engine.removeContainer(id);
    device.agent.start();
    await eventually('all three containers run again', async () => {
      const now = await engine.containers('device', device.name);
      return now.length === 3 && now.every(({ state }) => state === 'running');
    });
    await device.network.open();
    await expectTruth(stack);
  });

  test('misses an edit and a removal: both are caught up with when it is back', async () => {
    const { device, engine } = stack;
    await device.network.shut();
    await stack.deploy('web', [page('web', 8301, { image: HELLO_NEXT })]);
    await stack.remove('worker');
    expect(await engine.containers('device', device.name)).toHaveLength(3);
    await device.network.open();
    await expectTruth(stack);
    expect(await engine.containers('device', device.name)).toHaveLength(1);
  });
});
