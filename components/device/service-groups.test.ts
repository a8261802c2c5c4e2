import { expect, test } from 'vitest';
import type { DeviceStatus, ServiceStatus } from '#contracts/status.ts';
import { serviceGroups } from './service-groups.ts';

const service = (name: string, more: Partial<ServiceStatus> = {}) =>
  ({ name, state: 'running', health: 'none', image: `localhost/${name}:1`, ports: [], restarts: 0, ...more }) as ServiceStatus;
const status = {
  deployments: [
    { name: 'calm', phase: 'running', revision: 1, services: [service('web', { ports: ['8080->80/tcp'] }), service('api')] },
    { name: 'storm', phase: 'failed', revision: 1, services: [service('fine'), service('broken', { state: 'failed' })] },
  ],
} as unknown as DeviceStatus;
const names = (filter: string) => serviceGroups(status, filter).map((one) => [one.name, ...one.services.map(({ name }) => name)]);

test('what is in trouble stands first, in its group and among the groups', () =>
  expect(names('')).toEqual([
    ['storm', 'broken', 'fine'],
    ['calm', 'api', 'web'],
  ]));

test.each([
  ['calm', [['calm', 'api', 'web']]],
  ['8080', [['calm', 'web']]],
  ['storm failed', [['storm', 'broken']]],
  ['nothing like it', []],
])('the filter %j leaves what has all its words', (filter, left) => expect(names(filter)).toEqual(left));
