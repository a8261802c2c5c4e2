import { describe, expect, it } from 'vitest';
import { DeviceDeploymentStatus } from '#contracts/status.ts';
import { noteDeath } from './memory.ts';
import { SimulatedDevice } from './simulated-device.ts';
import { summarize } from './summarize.ts';

const hello = { name: 'hello', image: 'nginx:1', ports: ['8080:80'] };

function device(wanted: Record<string, readonly object[] | string>, settle = true): SimulatedDevice {
  const made = new SimulatedDevice();
  made.images = new Set(['nginx:1', 'nginx:2']);
  made.want(wanted);
  if (settle) made.settle(500);
  return made;
}
function report(made: SimulatedDevice, before: DeviceDeploymentStatus[] = []) {
  const { verdicts } = made.plan();
  const statuses = summarize(made.desired, made.world, verdicts, before);
  for (const status of statuses) DeviceDeploymentStatus.parse(status);
  return statuses;
}
const [running, refused] = [device({ web: [hello] }), device({ web: [hello], second: [{ ...hello, name: 'second' }] })];

describe('a report', () => {
  it.each<[string, SimulatedDevice, string, string[]]>([
    ['what runs', running, 'running', ['running']],
    ['what is about to start', device({ web: [hello] }, false), 'updating', ['starting']],
    ['a missing image', device({ web: [{ ...hello, image: 'none' }] }), 'failed', ['failed image-not-found']],
    [
      'a missing image of a new version',
      device({ web: [hello] }).want({ web: [{ ...hello, image: 'none' }] }),
      'updating',
      ['starting'],
    ],
    ['an unknown type', device({ web: '{"type":"JobV0","data":{}}' }), 'unsupported', []],
    ['something that is no Score', device({ web: '[' }), 'failed', []],
    ['a port that is taken', refused, 'running', ['running']],
    ['what is leaving', device({ web: [hello] }).want({}), 'removing', ['stopping']],
  ])('of %s', (_, made, phase, services) => {
    const [status] = report(made);
    expect(status!.phase).toBe(phase);
    expect(status!.services.map((one) => [one.state, one.error?.code].filter(Boolean).join(' '))).toEqual(services);
  });

  it('names the holder of a port, the older version that runs, and since when', () => {
    expect(report(refused)[1]).toMatchObject({ phase: 'failed', services: [{ state: 'failed', error: { code: 'port-taken' } }] });
    const failing = device({ web: [hello] });
    failing.want({ web: [{ ...hello, image: 'none' }] }).settle(500);
    const first = report(failing);
    expect(first[0]).toMatchObject({ phase: 'failed', services: [{ state: 'running', error: { code: 'image-not-found' } }] });
    expect(first[0]!.services[0]!.error!.message).toContain('What ran before keeps running.');
    failing.now += 100;
    expect(report(failing, first)[0]!.services[0]!.error!.since).toBe(first[0]!.services[0]!.error!.since);
  });

  it('says of a service that it keeps stopping, how often, and with which code', () => {
    const made = device({ web: [hello] });
    for (let times = 0; times < 4; times++)
      made.world = { ...made.world, memory: noteDeath(made.world.memory, 'web/hello', made.now, 3) };
    expect(report(made)[0]).toMatchObject({
      phase: 'attention',
      services: [
        {
          state: 'restarting',
          restarts: 4,
          error: { code: 'keeps-stopping', message: expect.stringContaining('4 times in 10 min') },
        },
      ],
    });
  });
});
