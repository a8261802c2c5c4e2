import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { killProcess } from '#e2e/stack/kill-process.ts';
import { eventually, eventuallyAnswers } from '../stack/eventually.ts';
import { Stack } from '../stack/stack.ts';
import { page, sleeper } from './services.ts';
import { expectTruth } from './truth.ts';

describe('everything killed and started again', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({
      devices: ['alice', 'aria'],
      settings: ['report_interval_ms = 2000', 'relist_interval_ms = 3000'],
    });
    await stack.deploy('web', [page('web', 8601)]);
    await stack.deploy('worker', [sleeper('one'), sleeper('two', { dependsOn: ['one'] })]);
    await expectTruth(stack);
  });
  afterAll(() => stack?.stop());

  const killAll = () =>
    Promise.all([...stack.devices.map(({ agent }) => agent.kill()), stack.anchor.kill(), stack.nats.kill(), stack.engine.kill()]);
  const startAll = async () => {
    // Agents first: the order nobody would choose.
    for (const { agent } of stack.devices) agent.start();
    await stack.engine.start();
    await stack.nats.start();
    await stack.anchor.start();
  };

  test('all processes of hub and devices: containers never stop, nothing is lost', async () => {
    const before = (await stack.engine.containers('fleet', stack.fleet)).map(({ id }) => id).sort();
    const started = await Promise.all(before.map((id) => stack.engine.startedAt(id)));
    await killAll();
    await startAll();
    await expectTruth(stack);
    expect((await stack.engine.containers('fleet', stack.fleet)).map(({ id }) => id).sort()).toEqual(before);
    expect(await Promise.all(before.map((id) => stack.engine.startedAt(id)))).toEqual(started);
    expect([...(await stack.store.deployments()).keys()]).toEqual(['web', 'worker']);
  });

  test('one container with its monitor, so that the engine never hears of it: it runs again', async () => {
    const [container] = await stack.engine.containers('device', stack.device.name);
    for (const pid of await stack.engine.pidsOf(container!.id)) killProcess(pid);
    await eventually('another process runs', async () => {
      const now = await stack.engine.containers('device', stack.device.name);
      const same = now.find(({ name }) => name === container!.name);
      return same?.state === 'running' && same.id !== container!.id;
    });
    await expectTruth(stack);
  });

  test('and every container with them, like a power cut: all of it comes back', async () => {
    const pids = [];
    for (const { id } of await stack.engine.containers('fleet', stack.fleet)) pids.push(...(await stack.engine.pidsOf(id)));
    await killAll();
    // The monitor first: the engine then never hears that the container ended.
    for (const pid of pids) killProcess(pid);
    await startAll();
    await expectTruth(stack);
    for (const { address } of stack.devices) await eventuallyAnswers(`http://${address}:8601/`);
  });

  test('in the middle of an edit: the edit arrives', async () => {
    await stack.deploy('web', [page('web', 8602)]);
    await killAll();
    await startAll();
    await expectTruth(stack);
    for (const { address } of stack.devices) await eventuallyAnswers(`http://${address}:8602/`);
  });
});
