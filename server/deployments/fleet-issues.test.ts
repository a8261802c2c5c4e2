import { describe, expect, it } from 'vitest';
import type { Deployment } from '#contracts/deployment.ts';
import { type Fleet, fleetIssues, removedFrom } from './fleet-issues.ts';

const score = (name: string, ports: string[]) => ({
  type: 'PodmanV0' as const,
  data: { services: [{ name, image: 'nginx', ports }] },
});
const spec = (name: string, where: object, ...ports: string[]): Deployment['spec'] => ({ ...where, score: score(name, ports) });
const deployment = (where: object, ...ports: string[]): Deployment => ({
  apiVersion: 'iot.nationtech.io/v1alpha1',
  kind: 'Deployment',
  metadata: { name: 'hello' },
  spec: spec('hello', where, ...ports),
});

const infer = { targetSelector: { role: 'infer' } };
const fleet: Fleet = {
  devices: [
    { name: 'alice', labels: { role: 'infer' } },
    { name: 'aria', labels: {} },
  ],
  deployments: [
    { name: 'hello', spec: spec('hello', infer, '8080:80') },
    { name: 'grafana', spec: spec('grafana', infer, '3000:3000') },
  ],
  keys: [
    { device: 'aria', deployment: 'hello', ours: true, text: JSON.stringify(score('hello', ['8080:80'])), revision: 1 },
    { device: 'aria', deployment: 'lab', ours: false, text: JSON.stringify(score('lab', ['9000:80'])), revision: 2 },
    { device: 'alice', deployment: 'broken', ours: false, text: 'not JSON', revision: 3 },
  ],
};
const lines = (given: Deployment, of = fleet) => fleetIssues(given, of).map(({ severity, message }) => `${severity}: ${message}`);

describe('a deployment in its fleet', () => {
  it.each<[string, Deployment, string[]]>([
    ['fits, also beside its own older revision', deployment(infer, '8080:80'), []],
    [
      'meets a port of another deployment',
      deployment(infer, '3000:80'),
      ['error: 3000 is taken on Alice by grafana. Next free: 3001.'],
    ],
    [
      'meets a port of somebody who writes past the hub',
      deployment({ targetDevices: ['aria'] }, '9000:80'),
      ['error: 9000 is taken on Aria by lab. Next free: 9001.'],
    ],
    ['does not meet what is elsewhere', deployment({ targetDevices: ['aria'] }, '3000:80'), []],
    [
      'names a device with a slip',
      deployment({ targetDevices: ['alise', 'aria'] }),
      ['warning: No device is called alise. Did you mean alice?'],
    ],
    [
      'names a device to come',
      deployment({ targetDevices: ['octavia'] }),
      ['warning: No device is called octavia yet. It gets this when it is added.'],
    ],
    [
      'selects nobody',
      deployment({ targetSelector: { role: 'gateway', site: 'bonn' } }),
      ['warning: No device has role: gateway and site: bonn. Nothing would happen.'],
    ],
  ])('%s', (_, given, expected) => expect(lines(given)).toEqual(expected));

  it('is told of a key of somebody else under its name', () => {
    const keys = [{ ...fleet.keys[0]!, ours: false }];
    expect(lines(deployment({ targetDevices: ['aria'] }), { ...fleet, keys })).toEqual([
      'warning: Somebody else asks Aria for hello directly. Their version stays there. Choose another name, or have theirs deleted.',
    ]);
  });

  it('names the devices that lose it', () => {
    expect(removedFrom(deployment(infer), fleet)).toEqual(['aria']);
    expect(removedFrom(deployment({ targetDevices: ['aria'] }), fleet)).toEqual([]);
  });
});
