import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { killProcess } from '#e2e/stack/kill-process.ts';
import { TEST_IMAGE, until } from '../engine/test-engine.ts';
import { device, engine, FLEET, hello, ids, libpod, openBench, page, service, sleeper, start } from './test-bench.ts';
import { services } from './test-device.ts';

openBench('repair', 40);

describe('an image', () => {
  beforeAll(() => engine.startRegistry());
  afterAll(() => engine.stopRegistry());

  it('is pulled, with progress, and is not pulled again', async () => {
    start();
    const image = await engine.publish('pulled:1');
    device.want({ pulled: services({ ...hello, image }) });
    await device.untilPhase('pulled', 'running');
    expect(device.history).toContain('pulled updating pulling');
    expect(device.events.filter((event) => event.kind === 'pulled')).toHaveLength(1);
    expect((await device.containers())[0]!.Labels['scorewall.pulled']).toBe('true');
    device.want({ pulled: services({ ...hello, image, ports: ['8090:80'] }) });
    await until('the new port', async () => (await page(8090)) === 'hello\n');
    expect(device.events.filter((event) => event.kind === 'pulled')).toHaveLength(1);
  });

  it('cannot speak for the agent by labels of its own', async () => {
    start();
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    const [plain] = await device.containers();
    const claims = encodeURIComponent(
      'LABEL scorewall.pulled=true scorewall.previous-image=somebody-elses scorewall.fleet=hidden',
    );
    await libpod('POST', `/commit?container=${plain!.Id}&repo=localhost/scorewall-test/loud&tag=1&changes=${claims}`);
    device.want({ hello: services({ ...hello, image: 'localhost/scorewall-test/loud:1' }) });
    await until('the new container alone', async () => {
      const all = await device.containers();
      return all.length === 1 && all[0]!.Id !== plain!.Id && all[0]!.State === 'running';
    });
    const [loud] = await device.containers();
    expect(loud!.Labels).toMatchObject({ 'scorewall.pulled': 'false', 'scorewall.previous-image': '', 'scorewall.fleet': FLEET });
  });

  it('that does not exist stops nothing, and is said in words', async () => {
    start();
    device.want({ hello: services(hello), other: services({ ...sleeper, image: `${engine.registry}/nope:1` }) });
    await device.untilPhase('hello', 'running');
    await until('the words', () => service('other')?.error?.code === 'image-not-found');
    device.want({ hello: services({ ...hello, image: `${engine.registry}/nope:2` }) });
    await until('the other words', () => service('hello')?.error?.code === 'image-not-found');
    expect(service('hello')).toMatchObject({
      state: 'running',
      error: { message: expect.stringContaining('What ran before keeps running') },
    });
    await until('its page', async () => (await page()) === 'hello\n');
  });

  it('of a registry that is down is waited for', async () => {
    start();
    const image = await engine.publish('later:1');
    // The next test, or a second try of this one, publishes too.
    onTestFinished(() => engine.startRegistry());
    await engine.stopRegistry();
    device.want({ later: services({ ...hello, image }) });
    await until('the words', () => service('later')?.error?.code === 'registry-unreachable');
    expect(device.reconciler.deployments()[0]!.phase).toBe('failed');
    await engine.startRegistry();
    await device.untilPhase('later', 'running');
    expect(service('later')!.error).toBeUndefined();
  });

  it('of two versions ago is removed, if the agent pulled it', async () => {
    start();
    const images = [await engine.publish('old:1'), await engine.publish('old:2'), await engine.publish('old:3')];
    for (const image of images) {
      device.want({ old: services({ ...sleeper, image }) });
      await until(`only ${image}`, async () => {
        const all = await device.containers();
        return all.length === 1 && all[0]!.Image === image && all[0]!.State === 'running';
      });
    }
    const present = async (image: string) => (await libpod('GET', `/images/${encodeURIComponent(image)}/exists`)).status === 204;
    await until('the oldest to go', async () => !(await present(images[0]!)));
    expect([await present(images[1]!), await present(images[2]!)]).toEqual([true, true]);
  });
});

describe('a port of the device', () => {
  it('keeps its holder; the second is refused in words and starts when it is free', async () => {
    start();
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    const before = await ids();
    device.want({ hello: services(hello), second: services({ ...hello, name: 'second' }) });
    await device.untilPhase('second', 'failed');
    expect(service('second')!.error).toMatchObject({
      code: 'port-taken',
      message: '8080 is taken on this device by hello, which keeps running; second does not start. Next free: 8081.',
    });
    await until('its page', async () => (await page()) === 'hello\n');
    expect(await ids()).toEqual(before);
    device.want({ second: services({ ...hello, name: 'second' }) });
    await device.untilPhase('second', 'running');
  });

  it('held by another program is left alone', async () => {
    start({ relistIntervalMs: 500 });
    const server = createServer().listen(8080, device.hostIp);
    await once(server, 'listening');
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'failed');
    expect(service('hello')!.error?.message).toContain('a program outside Scorewall');
    server.close();
    await device.untilPhase('hello', 'running');
  });

  it('asked for twice in one Score goes to the first', async () => {
    start();
    device.want({ two: services(hello, { ...hello, name: 'second' }) });
    await device.untilPhase('two', 'failed');
    await until('the first to run', () => service('two', 'hello')?.state === 'running');
    expect(service('two', 'second')!.error?.code).toBe('port-taken');
    await until('its page', async () => (await page()) === 'hello\n');
  });
});

describe('drift', () => {
  it('of a container that somebody removes or stops is repaired', async () => {
    start();
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    const [first] = await device.containers();
    await libpod('DELETE', `/containers/${first!.Id}?force=true&timeout=0`);
    await until(
      'another container',
      async () => (await ids())[0] !== undefined && (await ids())[0] !== first!.Id && (await page()) === 'hello\n',
    );
    const [second] = await device.containers();
    await libpod('POST', `/containers/${second!.Id}/stop?timeout=0`);
    await until(
      'it to run again',
      async () => (await device.containers())[0]?.State === 'running' && (await page()) === 'hello\n',
    );
    await until('the event', () => device.events.filter((event) => event.kind === 'repaired').length >= 2);
  });

  it('of a container whose processes are all killed without an event is found by looking', async () => {
    start({ relistIntervalMs: 500 });
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    const [before] = await device.containers();
    const state = (await libpod('GET', `/containers/${before!.Id}/json`)).json as { State: { Pid: number; ConmonPid: number } };
    killProcess(state.State.ConmonPid);
    killProcess(state.State.Pid);
    await until('another container', async () => {
      const [now, ...more] = await device.containers();
      return (
        more.length === 0 && now !== undefined && now.Id !== before!.Id && now.State === 'running' && (await page()) === 'hello\n'
      );
    });
  });

  it('leaves containers of others alone', async () => {
    start();
    const theirs = (
      await libpod('POST', '/containers/create', {
        image: TEST_IMAGE,
        labels: { 'scorewall.device': device.name, 'scorewall.fleet': 'another' },
      })
    ).json as { Id: string };
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    device.want({});
    await device.untilGone('hello');
    expect((await libpod('GET', `/containers/${theirs.Id}/json`)).status).toBe(200);
    await libpod('DELETE', `/containers/${theirs.Id}?force=true`);
  });
});
