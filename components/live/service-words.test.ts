import { expect, it } from 'vitest';
import type { ServiceStatus } from '#contracts/status.ts';
import { serviceWords } from './service-words.ts';

const NOW = Date.parse('2026-11-20T14:00:00Z');
const service = (fields: Partial<ServiceStatus>): ServiceStatus => ({
  name: 'hello',
  state: 'running',
  health: 'none',
  image: 'nginx',
  ports: [],
  restarts: 0,
  ...fields,
});
const pull = {
  layersDone: 5,
  layersTotal: 8,
  bytesDone: 146_800_640,
  bytesTotal: 222_298_112,
  startedAt: '2026-11-20T13:58:40Z',
};

it.each([
  ['Running for 3 h', service({ since: '2026-11-20T11:00:00Z' })],
  ['Unhealthy for 60 s', service({ health: 'unhealthy', since: '2026-11-20T13:59:00Z' })],
  ['Running, started again 3 times', service({ restarts: 3 })],
  ['Downloading, layers 5 of 8, about 147 MB of 222 MB', service({ state: 'pulling', pull })],
  [
    'Downloading, 80 s so far. This device does not report more',
    service({ state: 'pulling', pull: { ...pull, layersTotal: 0, bytesTotal: 0 } }),
  ],
  ['Does not run', service({ state: 'failed' })],
])('%s', (words, status) => expect(serviceWords(status, NOW)).toBe(words));
