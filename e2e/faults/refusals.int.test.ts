import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DeviceDeploymentStatus, Trouble } from '#contracts/status.ts';
import { eventually, eventuallyAnswers } from '../stack/eventually.ts';
import { Stack } from '../stack/stack.ts';
import { page, sleeper } from './services.ts';
import { expectTruth } from './truth.ts';

/** Written straight into the bucket, past the editor and the API: the agent is the last one who can say no. */
describe('a Score that cannot run', () => {
  let stack: Stack;
  let steady: { id: string; startedAt: string };
  beforeAll(async () => {
    stack = await Stack.start({ devices: ['alice'], settings: ['report_interval_ms = 1000'] });
    await stack.deploy('steady', [page('web', 8701)]);
    await expectTruth(stack);
    const [container] = await stack.engine.containers('device', stack.device.name);
    steady = { id: container!.id, startedAt: await stack.engine.startedAt(container!.id) };
  });
  afterAll(() => stack?.stop());

  afterEach(async () => {
    const { store, device, engine } = stack;
    expect(await engine.startedAt(steady.id), 'what ran before was not touched').toBe(steady.startedAt);
    await eventuallyAnswers(`http://${device.address}:8701/`);
    for (const name of (await store.desired(device.name)).keys())
      if (name !== 'steady') await store.deleteScore(device.name, name);
    await expectTruth(stack);
  });

  const reported = (name: string, isSo: (status: DeviceDeploymentStatus, trouble: Trouble) => boolean) =>
    eventually(`the report tells about ${name}`, async () => {
      const status = (await stack.store.status(stack.device.name))?.deployments.find((one) => one.name === name);
      const trouble = status?.error ?? status?.services.find(({ error }) => error)?.error;
      if (!status || !trouble) throw new Error(`It says ${JSON.stringify(status)}.`);
      if (!isSo(status, trouble)) throw new Error(`It says ${JSON.stringify(trouble)}.`);
      return { status, trouble };
    });

  test('the host port of another deployment: refused in words that name port and holder', async () => {
    await stack.store.putServices(stack.device.name, 'rival', [page('rival', 8701)]);
    const { trouble } = await reported('rival', (_status, { code }) => code === 'port-taken');
    expect(trouble.message).toContain('8701');
    expect(trouble.message).toContain('steady');
  });

  test('the host port of another service in the same deployment', async () => {
    const services = [page('first', 8711), page('second', 8711)];
    await stack.store.putScoreText(stack.device.name, 'twins', JSON.stringify({ type: 'PodmanV0', data: { services } }));
    const { trouble } = await reported('twins', () => true);
    expect(trouble.message).toContain('8711');
  });

  test('an image that is not there', async () => {
    await stack.store.putServices(stack.device.name, 'missing', [
      sleeper('one', { image: `${stack.registry.address}/no-such:1` }),
    ]);
    const { trouble } = await reported('missing', (_status, { code }) => code === 'image-not-found');
    expect(trouble.message).toContain('no-such:1');
  });

  test('a registry that is down: it runs by itself once the registry is back', async () => {
    const { registry, engine, store, device } = stack;
    const image = await registry.pushImage('late', 1_000, engine.env);
    await registry.gate.shut();
    await store.putServices(device.name, 'late', [sleeper('one', { image })]);
    const { trouble } = await reported('late', (_status, { code }) => code === 'registry-unreachable');
    expect(trouble.message).toContain(registry.address);
    await registry.gate.open();
    await expectTruth(stack);
  });

  test('a new image that cannot be had: the old container keeps running', async () => {
    const { store, device, engine, registry } = stack;
    await store.putServices(device.name, 'moving', [page('web', 8721)]);
    await expectTruth(stack);
    const [before] = (await engine.containers('device', device.name)).filter(({ id }) => id !== steady.id);
    await store.putServices(device.name, 'moving', [page('web', 8721, { image: `${registry.address}/no-such:2` })]);
    await reported('moving', (_status, { code }) => code === 'image-not-found');
    const after = await engine.containers('device', device.name);
    expect(after.find(({ id }) => id === before!.id)?.state).toBe('running');
  });

  test('an unknown type, and an unknown field: unsupported, and what ran of that deployment keeps running', async () => {
    const { store, device, engine } = stack;
    await store.putServices(device.name, 'future', [page('web', 8731)]);
    await expectTruth(stack);
    const [before] = (await engine.containers('device', device.name)).filter(({ id }) => id !== steady.id);
    const field = { type: 'PodmanV0', data: { services: [{ ...page('web', 8731), gpu: true }] } };
    for (const score of [{ type: 'KubectlApplyV0', data: {} }, field]) {
      const revision = await store.putScoreText(device.name, 'future', JSON.stringify(score));
      const { status } = await reported('future', (one) => one.revision === revision);
      expect(status.phase).toBe('unsupported');
      const after = await engine.containers('device', device.name);
      expect(after.find(({ id }) => id === before!.id)?.state).toBe('running');
    }
  });

  test('a text that is no Score at all', async () => {
    const { store, device } = stack;
    for (const text of ['{"type":', 'null', '{"type":"PodmanV0","data":{"services":[{"name":"*","image":"a"}]}}']) {
      const revision = await store.putScoreText(device.name, 'broken', text);
      const { status, trouble } = await reported('broken', (one) => one.revision === revision);
      expect(['failed', 'unsupported']).toContain(status.phase);
      expect(trouble.message.length).toBeGreaterThan(20);
    }
  });

  test('a command that ends at once again and again: attention, with the reason, and no busy loop', async () => {
    const { store, device } = stack;
    await store.putServices(device.name, 'restless', [sleeper('one', { command: ['/bin/busybox', 'false'] })]);
    const { trouble } = await reported('restless', (_status, { code }) => code === 'keeps-stopping' || code === 'exited');
    expect(trouble.message).toMatch(/code 1|exit/i);
  });
});
