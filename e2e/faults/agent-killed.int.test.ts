import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Cut } from '../stack/engine-gate.ts';
import { eventually } from '../stack/eventually.ts';
import { Stack } from '../stack/stack.ts';
import { HELLO_NEXT, page, sleeper } from './services.ts';
import { expectTruth } from './truth.ts';

describe('an agent killed in the middle of its work', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({ devices: ['alice'], settings: ['report_interval_ms = 1000'] });
  });
  afterAll(() => stack?.stop());

  test('during a pull: what ran stays, and the pull is done after its restart', async () => {
    const { device, registry, engine, store } = stack;
    await stack.deploy('steady', [page('web', 8101)]);
    await expectTruth(stack);
    const [before] = await engine.containers('device', device.name);
    const image = await registry.pushImage('heavy', 8_000_000, engine.env);

    const stalled = registry.gate.stallAfter(3_000_000);
    await stack.deploy('heavy', [sleeper('heavy', { image })]);
    await stalled;
    await eventually('the tile says it is pulling', async () => {
      const heavy = (await store.status(device.name))?.deployments.find(({ name }) => name === 'heavy');
      return heavy?.services[0]?.state === 'pulling';
    });
    await device.agent.kill();
    registry.gate.flow();
    device.agent.start();

    await expectTruth(stack);
    const after = await engine.containers('device', device.name);
    expect(after.map(({ id }) => id)).toContain(before!.id);
    await stack.remove('heavy');
    await stack.remove('steady');
    await expectTruth(stack);
  });

  const cuts: [string, Cut][] = [
    ['when the old container has stopped', { method: 'POST', path: /\/stop\b/, at: 'after' }],
    ['when the old container is gone', { method: 'DELETE', path: /\/containers\//, at: 'after' }],
    ['before the new container is made', { method: 'POST', path: /\/containers\/create\b/, at: 'before' }],
    ['when the new container is made but not started', { method: 'POST', path: /\/containers\/create\b/, at: 'after' }],
    ['before the start', { method: 'POST', path: /\/start\b/, at: 'before' }],
    ['when the start has happened and nobody was told', { method: 'POST', path: /\/start\b/, at: 'after' }],
  ];
  test.each(cuts)('between stop and start, %s: one new container runs after its restart', async (_when, cut) => {
    const { device } = stack;
    await stack.deploy('web', [page('web', 8102)]);
    await expectTruth(stack);

    const caught = device.engine.cut(cut);
    await stack.deploy('web', [page('web', 8102, { image: HELLO_NEXT })]);
    await caught;
    await device.agent.kill();
    device.engine.pass();
    device.agent.start();

    await expectTruth(stack);
    await eventually('the new version answers', async () => {
      const answer = await fetch(`http://${device.address}:8102/`);
      return (await answer.text()).includes('version 2');
    });
    await stack.remove('web');
    await expectTruth(stack);
  });
});
