import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { until } from '../engine/test-engine.ts';
import { device, engine, FLEET, hello, ids, openBench, page, restart, sleeper, start } from './test-bench.ts';
import { services } from './test-device.ts';
import type { CrashPlan } from './test-process.ts';

openBench('crash', 70);

describe('the engine', () => {
  it('may be killed and come back: nothing that runs suffers, and what was asked for meanwhile happens', async () => {
    start();
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    const before = await ids();
    await engine.killService();
    await until('the words', () => device.reconciler.engineFacts().error?.code === 'engine-unreachable');
    await until('its page', async () => (await page()) === 'hello\n');
    device.want({ hello: services(hello), quiet: services(sleeper) });
    await engine.startService();
    await device.untilPhase('quiet', 'running');
    expect(device.reconciler.engineFacts()).toMatchObject({ kind: 'podman', reachable: true });
    expect(await ids()).toEqual(expect.arrayContaining(before));
    expect(device.events.map((event) => event.kind)).toEqual(expect.arrayContaining(['engine-lost', 'engine-back']));
  });
});

describe('an agent that starts again', () => {
  it('adopts what runs', async () => {
    start();
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    const before = await ids();
    await device.stop();
    restart();
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    expect(await ids()).toEqual(before);
    expect(device.events).toEqual([]);
  });

  it.each<[CrashPlan['when'], CrashPlan['call']]>([
    ['during', 'pullImage'],
    ['after', 'pullImage'],
    ['during', 'createContainer'],
    ['after', 'createContainer'],
    ['during', 'stopContainer'],
    ['after', 'stopContainer'],
    ['during', 'startContainer'],
    ['after', 'startContainer'],
    ['after', 'removeContainer'],
  ])('after kill -9 %s %s has exactly one right container', async (when, call) => {
    start();
    await engine.startRegistry();
    const image = await engine.publish(`${device.name}:1`);
    device.want({ hello: services(hello) });
    await device.untilPhase('hello', 'running');
    await device.stop();
    const { name, hostIp } = device;
    const wanted = services({ ...hello, image });
    const crash: CrashPlan = {
      socket: engine.socket,
      device: name,
      fleet: FLEET,
      hostIp,
      desired: [{ name: 'hello', revision: 1, text: JSON.stringify(wanted) }],
      call,
      when,
    };
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', new URL('test-process.ts', import.meta.url).pathname, JSON.stringify(crash)],
      { stdio: 'inherit' },
    );
    const [, signal] = (await once(child, 'exit')) as [number, string];
    expect(signal).toBe('SIGKILL');

    restart();
    device.want({ hello: wanted });
    await until('exactly one right container', async () => {
      const all = await device.containers();
      return (
        all.length === 1 &&
        all[0]!.State === 'running' &&
        all[0]!.Image === image &&
        all[0]!.Names[0] === `${name}.hello.hello.${FLEET}`
      );
    });
    await until('the page', async () => (await page()) === 'hello\n');
    await device.untilPhase('hello', 'running');
    await engine.stopRegistry();
  });
});
