import { expect, test } from 'vitest';
import type { Deployment } from '#contracts/deployment.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import { screensOf } from './screens.ts';

const deployment = (services: object[]) => ({ spec: { score: { data: { services } } } }) as unknown as Deployment;
const status = (services: object[]) => ({ deployments: [{ name: 'desk', services }] }) as unknown as DeviceStatus;

test('the desktops are the services that declare one, those that run first', () => {
  const spec = deployment([
    { name: 'old', screen: { kind: 'vnc', port: 5900 } },
    { name: 'agent', screen: { kind: 'terminal' } },
    { name: 'desktop', screen: { kind: 'vnc', port: 5900 } },
    { name: 'web' },
  ]);
  const reported = status([
    { name: 'old', state: 'failed' },
    { name: 'agent', state: 'running' },
    { name: 'desktop', state: 'running' },
    { name: 'web', state: 'running' },
  ]);
  expect(screensOf(reported, () => spec)).toEqual([
    { deployment: 'desk', service: 'desktop' },
    { deployment: 'desk', service: 'old' },
  ]);
  expect(screensOf(reported, () => undefined)).toEqual([]);
  expect(screensOf(undefined, () => spec)).toEqual([]);
});
