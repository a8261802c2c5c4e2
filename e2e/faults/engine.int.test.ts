import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { killProcess } from '#e2e/stack/kill-process.ts';
import type { SeenContainer } from '../stack/engine.ts';
import { eventually, eventuallyAnswers } from '../stack/eventually.ts';
import { Stack } from '../stack/stack.ts';
import { HELLO_NEXT, page, sleeper } from './services.ts';
import { expectTruth } from './truth.ts';

describe('an engine that others touch', () => {
  let stack: Stack;
  let bystander: SeenContainer;
  beforeAll(async () => {
    // The slow look at everything stays at its 30 s: repairs have to come from the engine's events.
    stack = await Stack.start({ devices: ['alice', 'aria'], settings: ['report_interval_ms = 2000'] });
    await stack.deploy('bystander', [sleeper('one')]);
    await expectTruth(stack);
    bystander = await find('bystander');
  });
  afterAll(() => stack?.stop());

  afterEach(async () => {
    await expectTruth(stack);
    expect((await find('bystander')).id, 'others are not touched').toBe(bystander.id);
  });

  const find = async (deployment: string) => {
    const all = await stack.engine.containers('device', stack.device.name);
    return all.find(({ labels }) => labels['scorewall.deployment'] === deployment)!;
  };

  test('a container is removed behind its back: it is made again', async () => {
    await stack.deploy('removed', [page('web', 8501)]);
    await expectTruth(stack);
    const { id } = await find('removed');
    await stack.engine.removeContainer(id);
    await eventually('another container runs', async () => {
      const now = await find('removed');
      return now && now.id !== id && now.state === 'running';
    });
  });

  test('a container is removed by force the moment it runs, again and again: no process outlives its container', async () => {
    for (const version of ['1', '2', '3', '4', '5']) {
      await stack.deploy('hasty', [page('web', 8506, { env: { VERSION: version } })], [stack.device]);
      const fresh = await eventually(
        'the version runs',
        async () => {
          const now = await find('hasty');
          return now?.state === 'running' && now.labels['scorewall.score']?.includes(`"VERSION":"${version}"`) && now;
        },
        { everyMs: 5 },
      );
      await stack.engine.removeContainer(fresh.id);
      await eventually('another container runs', async () => {
        const now = await find('hasty');
        return now && now.id !== fresh.id && now.state === 'running';
      });
    }
    await eventuallyAnswers(`http://${stack.device.address}:8506/`);
    await stack.remove('hasty');
  });

  test('a container is stopped behind its back: it runs again', async () => {
    await stack.deploy('stopped', [page('web', 8502)]);
    await expectTruth(stack);
    await stack.engine.api.expect('POST', `/containers/${(await find('stopped')).id}/stop?t=0`);
    await eventuallyAnswers(`http://${stack.device.address}:8502/`);
  });

  test('its main process is killed: it runs again', async () => {
    await stack.deploy('killed', [page('web', 8503)]);
    await expectTruth(stack);
    killProcess(await stack.engine.mainPid((await find('killed')).id));
    await eventuallyAnswers(`http://${stack.device.address}:8503/`);
  });

  test('the podman service is restarted: containers run on, and what happened meanwhile is repaired', async () => {
    const { engine } = stack;
    await stack.deploy('meanwhile', [page('web', 8505)]);
    await expectTruth(stack);
    const pid = await engine.mainPid((await find('meanwhile')).id);
    await engine.kill();
    killProcess(pid);
    await engine.start();
    await expectTruth(stack);
    await stack.deploy('meanwhile', [page('web', 8505, { image: HELLO_NEXT })]);
  });

  test('the podman service is away for a while: the report says so, and is true again when it is back', async () => {
    const { engine, store, device } = stack;
    await engine.kill();
    await eventually(
      'the report says that the engine is away',
      async () => (await store.status(device.name))?.engine.reachable === false,
    );
    await engine.start();
    await eventually('the report says that it is back', async () => (await store.status(device.name))?.engine.reachable === true);
  });
});
