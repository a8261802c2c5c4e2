import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Container } from '../engine/engine.ts';
import { rests } from './candidate.ts';
import { SimulatedDevice } from './simulated-device.ts';

const IMAGES = ['a:1', 'b:1', 'missing:1', 'faulty:1'];

const service = (name: string) =>
  fc.record(
    {
      name: fc.constant(name),
      image: fc.constantFrom(...IMAGES),
      ports: fc.constantFrom<string[]>([], ['8080:80'], ['8081:80'], ['80']),
      env: fc.constantFrom({}, { A: '1' }),
      restart: fc.constantFrom('always', 'no'),
    },
    { requiredKeys: ['name', 'image'] },
  );
const services = fc.tuple(fc.option(service('one')), fc.option(service('two'))).map((all) => all.filter((one) => one !== null));
const score = fc.oneof(
  { weight: 6, arbitrary: services },
  { weight: 1, arbitrary: fc.constantFrom('{', '{"type":"JobV0","data":{}}') },
);
const wanted = fc.dictionary(fc.constantFrom('red', 'green', 'blue'), score);

type Happening =
  | { kind: 'want'; all: Record<string, object[] | string> }
  | { kind: 'crash'; after: number }
  | { kind: 'drift'; how: number }
  | { kind: 'step' };
const happening: fc.Arbitrary<Happening> = fc.oneof(
  wanted.map((all) => ({ kind: 'want' as const, all })),
  fc.nat(3).map((after) => ({ kind: 'crash' as const, after })),
  fc.nat(20).map((how) => ({ kind: 'drift' as const, how })),
  fc.constant({ kind: 'step' as const }),
);

const foreign: Container[] = [
  {
    id: 'theirs',
    name: 'alice.red.one',
    image: 'a:1',
    imageId: 'a:1',
    labels: {},
    state: 'running',
    pid: 1,
    exitCode: 0,
    ports: [],
  },
  {
    id: 'of-bob',
    name: 'bob',
    image: 'a:1',
    imageId: 'a:1',
    labels: { 'scorewall.device': 'bob', 'scorewall.deployment': 'red', 'scorewall.service': 'one', 'scorewall.score': '{}' },
    state: 'exited',
    pid: 0,
    exitCode: 1,
    ports: [],
  },
  {
    id: 'of-another-fleet',
    name: 'fleet',
    image: 'a:1',
    imageId: 'a:1',
    labels: {
      'scorewall.device': 'alice',
      'scorewall.deployment': 'red',
      'scorewall.service': 'one',
      'scorewall.score': '{}',
      'scorewall.fleet': 'elsewhere',
    },
    state: 'running',
    pid: 1,
    exitCode: 0,
    ports: [],
  },
];

function happen(device: SimulatedDevice, event: Happening): void {
  if (event.kind === 'want') device.want(event.all);
  else if (event.kind === 'crash') device.crashAfter(event.after);
  else if (event.kind === 'step') device.step();
  else {
    const own = device.own();
    const target = own[event.how % Math.max(1, own.length)];
    if (!target) return;
    if (event.how % 3 === 0) device.containers.delete(target.id);
    else device.change(target.id, event.how % 3 === 1 ? { state: 'exited', pid: 0, exitCode: 1 } : { state: 'broken' });
    device.relist();
  }
}

function lived(events: readonly Happening[]): SimulatedDevice {
  const device = new SimulatedDevice();
  device.images = new Set(['a:1', 'faulty:1']);
  device.registry = new Set(['b:1']);
  device.faulty = new Set(['faulty:1']);
  for (const container of foreign) device.containers.set(container.id, container);
  for (const event of events) happen(device, event);
  return device;
}

describe('whatever happens, in the end', () => {
  const property = (name: string, check: (device: SimulatedDevice) => void) =>
    it(name, () =>
      fc.assert(
        fc.property(fc.array(happening, { maxLength: 12 }), (events) => {
          const device = lived(events);
          device.settle();
          check(device);
        }),
        { numRuns: 400 },
      ),
    );

  property('each service has at most one container that runs, of its wanted text or of one that was wanted before', (device) => {
    const live = device.own().filter((one) => one.state === 'running');
    expect(new Set(live.map((one) => one.key)).size).toBe(live.length);
  });

  property('every wanted service runs, rests, or says why not', (device) => {
    const { verdicts } = device.plan();
    for (const [key, verdict] of verdicts) {
      // What failed may be due for its next try at this very moment.
      if (device.world.memory.failures.has(key)) continue;
      if (verdict.kind !== 'settled') expect(verdict.kind).toBe('refused');
      else {
        const all = device.own().filter((one) => one.key === key);
        expect(all).toHaveLength(1);
        expect(all[0]!.state === 'running' || rests(all[0]!, device.world.memory)).toBe(true);
      }
    }
  });

  property('nothing runs that nobody asks for', (device) => {
    const wantedDeployments = new Set(device.desired.map((entry) => entry.name));
    for (const one of device.own()) expect(wantedDeployments).toContain(one.deployment);
  });

  property('nothing more is done', (device) => {
    const failing = device.world.memory.failures;
    expect(
      device.plan().actions.filter((action) => !('key' in action && failing.has(action.key)) && action.kind !== 'pull'),
    ).toEqual([]);
  });

  property('containers of others are as they were', (device) => {
    for (const container of foreign) expect(device.containers.get(container.id)).toEqual(container);
  });
});

describe('a deployment that does not change', () => {
  it('is not touched by whatever happens to the others', () =>
    fc.assert(
      fc.property(fc.array(wanted, { maxLength: 6 }), (all) => {
        const rock = [{ name: 'rock', image: 'a:1', ports: ['9000:80'] }];
        const device = lived([{ kind: 'want', all: { rock } }]);
        device.settle();
        const [before] = device.own();
        for (const others of all) {
          device.want({ ...others, rock });
          device.settle(100);
        }
        expect(device.containers.get(before!.id)).toMatchObject({ id: before!.id, state: 'running', name: before!.name });
      }),
      { numRuns: 200 },
    ));
});
