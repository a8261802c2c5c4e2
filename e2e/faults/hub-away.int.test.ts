import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, eventuallyAnswers } from '../stack/eventually.ts';
import { Stack } from '../stack/stack.ts';
import { HELLO_NEXT, page, sleeper } from './services.ts';
import { expectTruth } from './truth.ts';

describe('a hub that goes away', () => {
  let stack: Stack;
  beforeAll(async () => {
    stack = await Stack.start({ devices: ['alice', 'aria'], settings: ['report_interval_ms = 2000'] });
    await stack.deploy('web', [page('web', 8201)]);
    await expectTruth(stack);
  });
  afterAll(() => stack?.stop());

  test('nats-server is down for a while: containers run on, drift is repaired, and reports go on afterwards', async () => {
    const { nats, engine, device, store } = stack;
    const before = await engine.containers('fleet', stack.fleet);
    const lastWord = (await store.status(device.name))?.reportedAt ?? '';
    await nats.kill();
    const victim = before.find(({ labels }) => labels['scorewall.device'] === device.name)!;
    await engine.removeContainer(victim.id);
    await eventually('the device repairs itself without a hub', async () => {
      const now = await engine.containers('device', device.name);
      return now.length === 1 && now[0]!.state === 'running' && now[0]!.id !== victim.id;
    });
    // Longer than the clients' first attempts to reconnect, so that the waiting between attempts is part of it.
    await sleep(8_000);
    await nats.start();

    await eventually('every device reports again', async () => {
      const words = await Promise.all(stack.devices.map(({ name }) => store.status(name)));
      return words.every((word) => (word?.reportedAt ?? '') > lastWord);
    });
    await expectTruth(stack);
    const untouched = before.find(({ labels }) => labels['scorewall.device'] !== device.name)!;
    expect((await engine.containers('fleet', stack.fleet)).map(({ id }) => id)).toContain(untouched.id);

    await stack.deploy('web', [page('web', 8201, { image: HELLO_NEXT })]);
    await expectTruth(stack);
  });

  test('the anchor is down during an edit: nothing half-written, devices still take Scores, all is counted when it is back', async () => {
    const { anchor, store, device } = stack;
    await anchor.kill();
    await expect(stack.deploy('web', [page('web', 8202)])).rejects.toThrow();
    await store.putServices(device.name, 'by-hand', [sleeper('one')]);
    await eventually('the device runs what was written straight into the bucket', async () => {
      const now = await stack.engine.containers('device', device.name);
      return now.some(({ labels, state }) => labels['scorewall.deployment'] === 'by-hand' && state === 'running');
    });
    await anchor.start();

    await stack.deploy('web', [page('web', 8202)]);
    await expectTruth(stack);
    await store.deleteScore(device.name, 'by-hand');
    await expectTruth(stack);
  });

  test('the anchor is killed right after an edit was accepted: the edit arrives when it is back', async () => {
    await stack.deploy('web', [page('web', 8203)]);
    await stack.anchor.kill();
    await stack.anchor.start();
    await expectTruth(stack);
    expect([...(await stack.store.deployments()).keys()]).toEqual(['web']);
    await eventuallyAnswers(`http://${stack.device.address}:8203/`);
  });
});
