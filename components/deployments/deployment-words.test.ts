import { describe, expect, it } from 'vitest';
import type { DeploymentEntry } from '#contracts/api.ts';
import { countsOf, healthOfEntry, targetWords, troubleOf } from './deployment-words.ts';

const none = { targets: 0, running: 0, updating: 0, attention: 0, failed: 0, offline: 0 };
const entry = (aggregate: Partial<typeof none>, more: object = {}, generation = 1): DeploymentEntry => ({
  revision: 7,
  deployment: {
    apiVersion: 'iot.nationtech.io/v1alpha1',
    kind: 'Deployment',
    metadata: { name: 'hello', generation },
    spec: { targetDevices: ['alice'], score: { type: 'PodmanV0', data: { services: [] } } },
  },
  status: { observedGeneration: 1, observedScoreString: '', conditions: [], aggregate: { ...none, ...aggregate }, ...more },
});

describe('the state of a deployment', () => {
  it.each([
    ['the worst of its devices', entry({ running: 2, failed: 1 }), 'failed'],
    ['offline rather than running', entry({ running: 2, offline: 1 }), 'offline'],
    ['updating until the hub has seen the newest revision', entry({ running: 3 }, {}, 2), 'updating'],
    ['not seen without devices', entry({}), 'not-seen'],
  ])('is %s', (_, one, health) => expect(healthOfEntry(one)).toBe(health));

  it('counts what occurs, worst first', () =>
    expect(countsOf({ ...none, running: 2, updating: 1 })).toEqual([
      { health: 'updating', count: 1 },
      { health: 'running', count: 2 },
    ]));

  it('tells a conflict before a selector that matches nobody', () => {
    const condition = { reason: 'X', lastTransitionTime: '2026-01-01T00:00:00Z' };
    const conditions = [
      { ...condition, type: 'TargetsFound', status: 'False' as const, message: 'No device has role: x.' },
      { ...condition, type: 'Conflict', status: 'True' as const, message: 'Somebody else owns it.' },
    ];
    expect(troubleOf(entry({}, { conditions }))).toEqual({ fact: 'Somebody else owns it.', severity: 'error' });
    expect(troubleOf(entry({ running: 1 }))).toBeUndefined();
  });
});

it('says where it goes', () => {
  expect(targetWords({ targetDevices: ['alice', 'aria'] })).toBe('Alice and Aria');
  expect(targetWords({ targetSelector: { role: 'camera', site: 'Bonn' } })).toBe('Devices with role: camera and site: Bonn');
});
