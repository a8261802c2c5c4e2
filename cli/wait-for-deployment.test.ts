import { describe, expect, it } from 'vitest';
import type { DeploymentOnDevice } from '#contracts/api.ts';
import { judge } from './wait-for-deployment.ts';

const on = (state: DeploymentOnDevice['state'], takenUp = true): DeploymentOnDevice => ({
  device: 'alice',
  online: state !== 'offline',
  takenUp,
  state,
});

describe('a deployment is', () => {
  it.each([
    ['running', [on('running'), on('running')]],
    ['running', [on('running'), on('offline', false)]],
    ['running', []],
    ['waiting', [on('running', false)]],
    ['waiting', [on('failed'), on('updating')]],
    ['failed', [on('running'), on('failed')]],
    ['failed', [on('attention')]],
  ] as const)('%s with %j', (verdict, devices) => expect(judge(devices)).toBe(verdict));
});
