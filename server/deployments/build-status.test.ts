import { describe, expect, it } from 'vitest';
import type { Sighting } from '#contracts/health.ts';
import type { DeviceDeploymentStatus, DeviceStatus } from '#contracts/status.ts';
import { buildStatus } from './build-status.ts';
import { deviceProgress } from './device-progress.ts';
import type { DesiredKey, WantedDeployment } from './plan-desired.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const wanted: WantedDeployment = { name: 'hello', generation: 2, scoreText: 'v2', spec: { targetDevices: ['alice', 'aria'] } };

const key = (device: string, more: Partial<DesiredKey> = {}): DesiredKey => ({
  device,
  deployment: 'hello',
  text: 'v2',
  ours: true,
  revision: 10,
  ...more,
});

function sighting(
  phase: DeviceDeploymentStatus['phase'] | 'none',
  more: Partial<Sighting> & { revision?: number } = {},
): Sighting {
  const { revision = 10, ...rest } = more;
  const deployments = phase === 'none' ? [] : [{ name: 'hello', phase, revision, services: [] }];
  return {
    status: { agent: {}, engine: { kind: 'podman', version: '5', reachable: true }, deployments } as unknown as DeviceStatus,
    receivedAtMs: NOW - 1_000,
    connected: true,
    ...rest,
  };
}

function statusOf(
  sightings: Record<string, Sighting>,
  {
    keys = [key('alice'), key('aria')],
    unregistered = [] as string[],
    previous = undefined as ReturnType<typeof buildStatus> | undefined,
  } = {},
) {
  const progress = (wanted.spec.targetDevices ?? []).map((device) =>
    deviceProgress({
      device,
      deployment: 'hello',
      scoreText: 'v2',
      key: keys.find((one) => one.device === device),
      sighting: sightings[device],
      nowMs: NOW,
    }),
  );
  return buildStatus({ deployment: wanted, progress, keys, unregistered, previous, nowMs: NOW });
}

const summary = ({ aggregate: { targets: _, ...counts }, conditions }: ReturnType<typeof buildStatus>) => ({
  counts: Object.entries(counts).flatMap(([state, count]) => (count > 0 ? [`${count} ${state}`] : [])),
  true: conditions.filter(({ status }) => status === 'True').map(({ type }) => type),
  ready: conditions.find(({ type }) => type === 'Ready')!.message,
});

describe('the status of a deployment', () => {
  it.each<[string, Parameters<typeof statusOf>, ReturnType<typeof summary>]>([
    [
      'runs everywhere',
      [{ alice: sighting('running'), aria: sighting('running') }],
      { counts: ['2 running'], true: ['TargetsFound', 'Ready'], ready: 'Runs on 2 devices.' },
    ],
    [
      'is pulled on one',
      [{ alice: sighting('running'), aria: sighting('updating') }],
      { counts: ['1 running', '1 updating'], true: ['TargetsFound', 'Progressing'], ready: '1 of 2 done. Catching up: Aria.' },
    ],
    [
      'was not taken up yet',
      [{ alice: sighting('running'), aria: sighting('running', { revision: 9 }) }],
      { counts: ['1 running', '1 updating'], true: ['TargetsFound', 'Progressing'], ready: '1 of 2 done. Catching up: Aria.' },
    ],
    [
      'waits for one that is away',
      [{ alice: sighting('running'), aria: sighting('running', { connected: false, connectionChangedAtMs: NOW - 60_000 }) }],
      { counts: ['1 running', '1 offline'], true: ['TargetsFound'], ready: '1 of 2 done. Aria will get it when it is back.' },
    ],
    [
      'waits for both, never seen',
      [{}],
      { counts: ['2 offline'], true: ['TargetsFound'], ready: '0 of 2 done. Alice and Aria will get it when they are back.' },
    ],
    [
      'fails on one and restarts on the other',
      [{ alice: sighting('failed'), aria: sighting('attention') }],
      { counts: ['1 attention', '1 failed'], true: ['TargetsFound'], ready: '0 of 2 done. It does not run as asked on Alice.' },
    ],
    [
      'is not understood',
      [{ alice: sighting('unsupported'), aria: sighting('running') }],
      { counts: ['1 running', '1 failed'], true: ['TargetsFound'], ready: '1 of 2 done. It does not run as asked on Alice.' },
    ],
    [
      'meets a key of somebody else',
      [{ alice: sighting('running'), aria: sighting('running') }, { keys: [key('alice', { ours: false }), key('aria')] }],
      {
        counts: ['1 running', '1 failed'],
        true: ['TargetsFound', 'Conflict'],
        ready: '1 of 2 done. It does not run as asked on Alice.',
      },
    ],
    [
      'names a device that is not added',
      [{ alice: sighting('running') }, { keys: [key('alice')], unregistered: ['aria'] }],
      { counts: ['1 running', '1 offline'], true: ['TargetsFound'], ready: '1 of 2 done. Aria will get it when it is back.' },
    ],
  ])('%s', (_, given, wantedSummary) => expect(summary(statusOf(...given))).toEqual(wantedSummary));

  it('says which Score the devices were handed only when they all were', () => {
    const first = statusOf({}, { keys: [key('alice', { text: 'v1' }), key('aria')] });
    expect(first.observedScoreString).toBe('');
    const second = statusOf(
      {},
      { previous: { ...first, observedScoreString: 'v1' }, keys: [key('alice', { text: 'v1' }), key('aria')] },
    );
    expect(second.observedScoreString).toBe('v1');
    expect(statusOf({}, { previous: second }).observedScoreString).toBe('v2');
    expect(statusOf({}, { previous: second, keys: [key('alice'), key('aria'), key('octavia')] }).observedScoreString).toBe('v1');
  });

  it.each<[string, Record<string, Sighting>, number | undefined]>([
    ['ran everywhere', { alice: sighting('running'), aria: sighting('running') }, 1],
    ['ran wherever a device was in sight', { alice: sighting('running'), aria: sighting('running', { connected: false }) }, 1],
    ['ran on one only', { alice: sighting('running'), aria: sighting('attention') }, 0],
    ['was still on its way', { alice: sighting('running'), aria: sighting('updating') }, 0],
    ['was seen nowhere', {}, 0],
  ])('names the generation to go back to: the one before %s', (_, sightings, worked) => {
    const before = { ...statusOf(sightings), observedGeneration: 1, workedGeneration: 0 };
    const failing = statusOf({ alice: sighting('failed'), aria: sighting('failed') }, { previous: before });
    expect(failing).toMatchObject({ observedGeneration: 2, workedGeneration: worked });
    // It looks well for a moment, between two stops.
    const well = statusOf({ alice: sighting('running'), aria: sighting('running') }, { previous: failing });
    expect(well.workedGeneration).toBe(worked);
    expect(statusOf({}).workedGeneration).toBeUndefined();
  });

  it('keeps the time of a condition that did not change', () => {
    const before = statusOf({});
    const earlier = before.conditions.map((condition) => ({ ...condition, lastTransitionTime: '2026-02-01T00:00:00.000Z' }));
    const after = statusOf(
      { alice: sighting('running'), aria: sighting('running') },
      { previous: { ...before, conditions: earlier } },
    );
    const times = Object.fromEntries(
      after.conditions.map(({ type, lastTransitionTime }) => [type, lastTransitionTime.slice(0, 7)]),
    );
    expect(times).toEqual({ TargetsFound: '2026-02', Ready: '2026-03', Progressing: '2026-02', Conflict: '2026-02' });
  });
});
