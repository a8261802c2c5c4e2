import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { killProcess } from '#e2e/stack/kill-process.ts';
import { TEST_IMAGE, until } from '../engine/test-engine.ts';
import { device, engine, FLEET, hello, ids, libpod, openBench, page, restart, service, sleeper, start } from './test-bench.ts';
import { services } from './test-device.ts';

openBench('core', 10);

describe('a deployment', () => {
  it('runs, is changed, and is removed', async () => {
    start();
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    await until('its page', async () => (await page()) === 'hello\n');
    const [first] = await device.containers();
    expect(first!.Names).toEqual([`${device.name}.hello.hello.${FLEET}`]);

    device.want({ hello: services({ ...hello, ports: ['8081:80'] }) });
    await until('the new port', async () => (await page(8081)) === 'hello\n');
    await until('one container', async () => (await device.containers()).length === 1);
    await until('its own name', async () => (await device.containers())[0]!.Names[0] === first!.Names[0]);
    await device.untilPhase('hello', 'running');
    expect(device.reconciler.deployments()[0]!.gapMs).toBeGreaterThan(0);

    device.want({});
    await device.untilGone('hello');
    expect(device.events.map((event) => event.kind)).toEqual(['started', 'stopped', 'started', 'stopped', 'removed']);
  });

  it('reports what runs: image, digest, ports, since', async () => {
    start();
    device.want({ hello: services(hello) });
    await until('the details', () => service('hello')?.digest?.startsWith('sha256:') === true);
    expect(service('hello')).toMatchObject({
      name: 'hello',
      state: 'running',
      health: 'none',
      image: TEST_IMAGE,
      ports: [`${device.hostIp}:8080->80/tcp`],
      restarts: 0,
    });
    expect(Math.abs(Date.now() - Date.parse(service('hello')!.since!))).toBeLessThan(60_000);
  });

  it('of which one service changes leaves the other one as it is', async () => {
    start();
    device.want({ two: services(hello, sleeper) });
    await device.untilPhase('two', 'running');
    const before = await device.containers();
    device.want({ two: services(hello, { ...sleeper, env: { A: '1' } }) });
    await until(
      'the change',
      async () =>
        (await ids()).length === 2 &&
        (await ids()).join() !==
          before
            .map((one) => one.Id)
            .sort()
            .join(),
    );
    await device.untilPhase('two', 'running');
    const untouched = before.find((one) => one.Labels['scorewall.service'] === 'hello')!;
    const now = (await device.containers()).find((one) => one.Id === untouched.Id);
    expect(now).toMatchObject({ Pid: untouched.Pid, State: 'running' });
  });

  it('without a port of the device is replaced without a gap', async () => {
    start();
    device.want({ quiet: services(sleeper) });
    await device.untilPhase('quiet', 'running');
    device.want({ quiet: services({ ...sleeper, env: { A: '1' } }) });
    await until('one new container', async () => {
      const all = await device.containers();
      return (
        all.length === 1 &&
        all[0]!.Labels['scorewall.score']!.includes('"A"') &&
        all[0]!.Names[0]!.endsWith('quiet.sleeper.core-test')
      );
    });
    await device.untilPhase('quiet', 'running');
    expect(device.reconciler.deployments()[0]!.gapMs).toBeUndefined();
  });

  it('that stops slowly holds up nothing else, and its successor is made ready meanwhile', async () => {
    start();
    // Longer than any machine needs for the other one; then the test ends it.
    const stubborn = { ...hello, command: ['sleep', '1000'], stopTimeoutSeconds: 90 };
    device.want({ slow: services(stubborn) });
    await device.untilPhase('slow', 'running');
    const [old] = await device.containers();
    device.want({ slow: services({ ...stubborn, stopTimeoutSeconds: 1 }), quick: services({ ...sleeper, name: 'quick' }) });
    await device.untilPhase('quick', 'running');
    await until('the old one to be stopping', () => service('slow')?.state === 'stopping');
    expect((await device.containers()).filter((one) => one.Labels['scorewall.deployment'] === 'slow')).toHaveLength(2);
    expect(device.reconciler.deployments().find((one) => one.name === 'slow')!.phase).toBe('updating');
    await delay(1_100);
    killProcess(old!.Pid);
    await device.untilPhase('slow', 'running');
    expect(device.reconciler.deployments().find((one) => one.name === 'slow')!.gapMs).toBeGreaterThan(1000);
  });

  it('that is not understood leaves everything as it is and says so', async () => {
    start();
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    await until('its page', async () => (await page()) === 'hello\n');
    const before = await ids();
    device.want({ hello: { type: 'KubectlApplyV0', data: {} } });
    await device.untilPhase('hello', 'unsupported');
    device.want({ hello: services({ ...hello, privileged: true }) });
    await until('the field', () => device.reconciler.deployments()[0]!.error?.message.includes('privileged') === true);
    expect(device.reconciler.deployments()[0]!.phase).toBe('unsupported');
    device.want({ hello: '{"type":' });
    await until('invalid', () => device.reconciler.deployments()[0]!.error?.code === 'invalid');
    expect(await page()).toBe('hello\n');
    expect(await ids()).toEqual(before);

    await device.stop();
    restart();
    device.want({ hello: { type: 'KubectlApplyV0', data: {} } });
    await device.untilPhase('hello', 'unsupported');
    expect(service('hello')).toMatchObject({ name: 'hello', state: 'running' });
    expect(await ids()).toEqual(before);
  });
});

describe('a service', () => {
  it('gets what its fields say', async () => {
    start();
    device.want({
      full: services({
        name: 'full',
        image: TEST_IMAGE,
        command: 'sh -c',
        args: ['touch /scratch/x /data/y && test "$WORD" = "two words" && test "$(hostname)" = box && ! touch /z && sleep 1000'],
        env: { WORD: 'two words' },
        hostname: 'box',
        readOnly: true,
        tmpfs: '/scratch',
        volumes: ['data:/data'],
        resources: { limits: { memory: '64m', cpus: 0.5, pids: 20 } },
        labels: { team: 'blue' },
        stopTimeoutSeconds: 0,
        restart: 'no',
      }),
    });
    await device.untilPhase('full', 'running');
    await until('the shell to reach its sleep', async () => {
      const [one] = await device.containers();
      const top = (await libpod('GET', `/containers/${one!.Id}/top`)).json as { Processes?: string[][] };
      return top.Processes?.some((process) => process.at(-1)!.includes('sleep 1000')) === true;
    });
    const [one] = await device.containers();
    expect(one!.Labels.team).toBe('blue');
    const inspect = (await libpod('GET', `/containers/${one!.Id}/json`)).json as {
      HostConfig: { Memory: number; PidsLimit: number };
    };
    expect(inspect.HostConfig).toMatchObject({ Memory: 64 * 1024 * 1024, PidsLimit: 20 });
  });

  it('reads its secret from a file', async () => {
    start();
    const name = `secret-${device.name}`;
    const script = `test "$(cat /run/secrets/${name})" = xyzzy && sleep 1000`;
    const withSecret = { ...sleeper, command: ['sh', '-c', script], restart: 'no', secrets: [name] };
    device.want({ safe: services(withSecret) });
    await until('the missing secret', () => service('safe')?.error?.code === 'secret-missing');
    await engine.api('POST', `/v4.0.0/libpod/secrets/create?name=${name}`, Buffer.from('xyzzy'));
    await device.untilPhase('safe', 'running');
  });

  it('waits for those it depends on', async () => {
    start();
    device.want({
      chain: services(
        {
          ...sleeper,
          name: 'app',
          dependsOn: { db: { condition: 'service_healthy' }, init: { condition: 'service_completed_successfully' } },
        },
        {
          ...sleeper,
          name: 'db',
          command: ['sh', '-c', 'sleep 2; touch /ready; sleep 1000'],
          healthcheck: { test: 'test -f /ready', interval: '1s' },
        },
        { ...sleeper, name: 'init', command: ['sleep', '1'], restart: 'no' },
      ),
    });
    await until('init to complete', () => service('chain', 'init')?.state === 'completed');
    await device.untilPhase('chain', 'running');
    expect(service('chain', 'db')).toMatchObject({ state: 'running', health: 'healthy' });
    const at = (name: string, kind: string) => device.events.findIndex((event) => event.service === name && event.kind === kind);
    expect(at('app', 'started')).toBeGreaterThan(at('db', 'healthy'));
  });

  it('that turns unhealthy is told', async () => {
    start();
    device.want({
      sick: services({
        ...sleeper,
        command: ['sh', '-c', 'touch /ok; sleep 1000'],
        healthcheck: { test: ['CMD', 'test', '-f', '/ok'], interval: '1s', retries: 2 },
      }),
    });
    await until('healthy', () => service('sick')?.health === 'healthy');
    await rm(`/proc/${(await device.containers())[0]!.Pid}/root/ok`);
    await until('unhealthy', () => service('sick')?.health === 'unhealthy');
    expect(service('sick')!.error?.code).toBe('unhealthy');
    expect(device.reconciler.deployments()[0]!.phase).toBe('attention');
  });

  it('that keeps stopping is started with pauses, and a newer Score ends the pause', async () => {
    start();
    device.want({ loop: services({ ...sleeper, command: ['sh', '-c', 'exit 3'] }) });
    await until('the brake', () => device.events.some((event) => event.kind === 'stopped' && event.service === 'sleeper'));
    await until('the words', () => service('loop')?.error?.code === 'keeps-stopping');
    expect(service('loop')).toMatchObject({
      state: 'restarting',
      error: { code: 'keeps-stopping', message: expect.stringContaining('exit code 3') },
    });
    device.want({ loop: services(sleeper) });
    await device.untilPhase('loop', 'running');
    await until('one container', async () => (await device.containers()).length === 1);
  });

  it('may end, where its restart policy says so', async () => {
    start();
    device.want({
      jobs: services(
        { ...sleeper, name: 'good', command: ['true'], restart: 'no' },
        { ...sleeper, name: 'bad', command: ['sh', '-c', 'exit 7'], restart: 'on-failure:1' },
      ),
    });
    await until('both ends', () => service('jobs', 'good')?.state === 'completed' && service('jobs', 'bad')?.state === 'failed');
    expect(service('jobs', 'bad')!.error).toMatchObject({ code: 'exited', message: expect.stringContaining('exit code 7') });
  });

  it('that cannot start leaves the version before running', async () => {
    start();
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    device.want({ hello: services({ ...hello, command: ['/no/such/program'] }) });
    await device.untilPhase('hello', 'failed');
    await until('the old page', async () => (await page()) === 'hello\n');
    await until('the words', () => service('hello')?.error?.code === 'start-failed');
    expect(service('hello')).toMatchObject({
      state: 'running',
      error: { message: expect.stringContaining('What ran before keeps running') },
    });
  });
});
