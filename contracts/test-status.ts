/** A report of a device at rest, for tests. */
import type { DeviceStatus } from './status.ts';

export const testStatus = (changes: Partial<DeviceStatus> = {}): DeviceStatus => ({
  device: 'alice',
  reportedAt: '2026-01-01T00:00:00.000Z',
  agent: { version: '1', startedAt: '2026-01-01T00:00:00.000Z', credentials: 'creds' },
  engine: { kind: 'podman', version: '5', reachable: true },
  host: {
    hostname: 'alice',
    model: '',
    os: '',
    kernel: '',
    arch: 'arm64',
    cpuCount: 4,
    cpuPercent: 1,
    memoryTotalBytes: 8,
    memoryUsedBytes: 1,
    diskTotalBytes: 100,
    diskUsedBytes: 10,
    temperatureCelsius: 50,
    uptimeSeconds: 1,
    throttled: null,
  },
  deployments: [],
  ...changes,
});
