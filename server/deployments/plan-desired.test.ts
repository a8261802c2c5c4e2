import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type DesiredFacts,
  type DesiredKey,
  type DesiredWrite,
  planDesired,
  type RegisteredDevice,
  type WantedDeployment,
} from './plan-desired.ts';

const devices: RegisteredDevice[] = [
  { name: 'alice', labels: { role: 'infer' } },
  { name: 'aria', labels: {} },
];
const deployment = (name: string, spec: WantedDeployment['spec'], scoreText = 'v1'): WantedDeployment => ({
  name,
  generation: 3,
  scoreText,
  spec,
});
const key = (device: string, name: string, text = 'v1', ours = true): DesiredKey => ({
  device,
  deployment: name,
  text,
  ours,
  revision: 7,
});

const sentence = (write: DesiredWrite) =>
  write.kind === 'put'
    ? `put ${write.deployment} ${write.text} on ${write.device} over ${write.expectedRevision}`
    : `delete ${write.deployment} from ${write.device} at ${write.expectedRevision}`;

const named = (...targetDevices: string[]) => ({ targetDevices });
const infer = { targetSelector: { role: 'infer' } };

describe('the plan for desired-state', () => {
  it.each<[string, DesiredFacts, string[]]>([
    [
      'gives a named device its key',
      { deployments: [deployment('hello', named('alice'))], devices, keys: [] },
      ['put hello v1 on alice over 0'],
    ],
    [
      'finds devices by label',
      { deployments: [deployment('hello', infer)], devices, keys: [] },
      ['put hello v1 on alice over 0'],
    ],
    ['waits for a named device that is not added', { deployments: [deployment('hello', named('ghost'))], devices, keys: [] }, []],
    ['leaves what is right', { deployments: [deployment('hello', infer)], devices, keys: [key('alice', 'hello')] }, []],
    [
      'replaces another Score',
      { deployments: [deployment('hello', infer, 'v2')], devices, keys: [key('alice', 'hello')] },
      ['put hello v2 on alice over 7'],
    ],
    [
      'takes it from a device that lost its label',
      { deployments: [deployment('hello', infer)], devices, keys: [key('alice', 'hello'), key('aria', 'hello')] },
      ['delete hello from aria at 7'],
    ],
    [
      'takes a deleted deployment away',
      { deployments: [], devices, keys: [key('alice', 'hello')] },
      ['delete hello from alice at 7'],
    ],
    [
      'takes everything from a removed device',
      { deployments: [deployment('hello', named('gone'))], devices, keys: [key('gone', 'hello')] },
      ['delete hello from gone at 7'],
    ],
    [
      'leaves a key of somebody else',
      { deployments: [deployment('hello', infer, 'v2')], devices, keys: [key('alice', 'hello', 'theirs', false)] },
      [],
    ],
    ['never deletes a key of somebody else', { deployments: [], devices, keys: [key('alice', 'theirs', 'v1', false)] }, []],
    [
      'leaves everything of a deployment it cannot read',
      {
        deployments: [],
        devices,
        keys: [key('alice', 'newer')],
        unreadable: { deployments: new Set(['newer']), devices: new Set() },
      },
      [],
    ],
    [
      'leaves everything of a device it cannot read',
      {
        deployments: [deployment('hello', infer)],
        devices,
        keys: [key('alice', 'hello'), key('newer', 'hello')],
        unreadable: { deployments: new Set(), devices: new Set(['newer']) },
      },
      [],
    ],
    [
      'writes over the marker of a deleted key',
      { deployments: [deployment('hello', infer)], devices, keys: [], tombstones: new Map([['alice.hello', 12]]) },
      ['put hello v1 on alice over 12'],
    ],
  ])('%s', (_, facts, sentences) => expect(planDesired(facts).map(sentence)).toEqual(sentences));

  const names = fc.constantFrom('alice', 'aria', 'octavia', 'lucidia');
  const deployments = fc.constantFrom('hello', 'vision', 'grafana');
  const facts = fc.record({
    deployments: fc.uniqueArray(
      fc.record({
        name: deployments,
        generation: fc.constant(1),
        scoreText: fc.constantFrom('v1', 'v2'),
        spec: fc.oneof(
          fc.record({ targetDevices: fc.array(names, { minLength: 1 }) }),
          fc.constant({ targetSelector: { role: 'infer' } }),
        ),
      }),
      { selector: ({ name }) => name },
    ),
    devices: fc.uniqueArray(fc.record({ name: names, labels: fc.constantFrom<Record<string, string>>({}, { role: 'infer' }) }), {
      selector: ({ name }) => name,
    }),
    keys: fc.uniqueArray(
      fc.record({
        device: names,
        deployment: deployments,
        text: fc.constantFrom('v1', 'v2'),
        ours: fc.boolean(),
        revision: fc.nat(),
      }),
      { selector: (one) => `${one.device}.${one.deployment}` },
    ),
  });

  it('is done after one pass, and never touches what is not ours', () => {
    fc.assert(
      fc.property(facts, (given) => {
        const after = new Map<string, DesiredKey>(given.keys.map((one) => [`${one.device}.${one.deployment}`, one]));
        for (const write of planDesired(given)) {
          const id = `${write.device}.${write.deployment}`;
          expect(after.get(id)?.ours ?? true).toBe(true);
          if (write.kind === 'delete') after.delete(id);
          else after.set(id, { ...write, ours: true, revision: 99 });
        }
        expect(planDesired({ ...given, keys: [...after.values()] })).toEqual([]);
      }),
    );
  });
});
