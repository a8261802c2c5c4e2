import { describe, expect, it } from 'vitest';
import { type DeviceDeploymentStatus, DeviceStatus } from '#contracts/status.ts';
import { buildStatus, encodeStatus, type StatusFacts } from './build-status.ts';

const deployment = (name: string, over: Partial<DeviceDeploymentStatus> = {}): DeviceDeploymentStatus => ({
  name,
  phase: 'running',
  revision: 1,
  services: [{ name: 'hello', state: 'running', health: 'none', image: 'hello:1', ports: [], restarts: 0 }],
  ...over,
});
const facts = (deployments: DeviceDeploymentStatus[] = []): StatusFacts => ({
  device: 'alice',
  now: new Date('2026-01-01T00:00:30Z'),
  agent: { version: '0.1.0', startedAt: new Date('2026-01-01T00:00:00Z'), credentials: 'creds' },
  engine: { kind: 'podman', version: '4.3.1', reachable: true },
  host: {
    hostname: 'pi',
    model: '',
    os: 'Debian',
    kernel: '6.1',
    arch: 'arm64',
    cpuCount: 4,
    cpuPercent: 1,
    memoryTotalBytes: 1,
    memoryUsedBytes: 1,
    diskTotalBytes: 1,
    diskUsedBytes: 1,
    temperatureCelsius: null,
    uptimeSeconds: 1,
    throttled: null,
  },
  deployments,
});
const trouble = (message: string) => ({ code: 'internal' as const, message, since: '2026-01-01T00:00:00Z' });
const decode = (bytes: Uint8Array) => DeviceStatus.parse(JSON.parse(new TextDecoder().decode(bytes)));

describe('the report', () => {
  it('keeps to the contract', () => {
    const status = buildStatus({ ...facts([deployment('hello')]), agent: { ...facts().agent, error: trouble('Broken.') } });
    expect(DeviceStatus.parse(status)).toEqual(status);
    expect(status.agent).toMatchObject({ startedAt: '2026-01-01T00:00:00.000Z', error: { message: 'Broken.' } });
  });

  it('cuts words that have no end', () => {
    const long = trouble('x'.repeat(100_000));
    const status = buildStatus(facts([deployment('hello', { error: long })]));
    expect(status.deployments[0]!.error!.message).toHaveLength(1_001);
  });

  it('gives up the details of what runs well before those of what does not, to fit into a message', () => {
    const failed = deployment('failed', { phase: 'failed' });
    const status = buildStatus(facts([deployment('one'), failed, deployment('two')]));
    const whole = encodeStatus(status, 1_000_000);
    const shorter = encodeStatus(status, whole.length - 1);
    expect(decode(shorter).deployments.map(({ name, services }) => [name, services.length])).toEqual([
      ['one', 0],
      ['failed', 1],
      ['two', 1],
    ]);
    expect(decode(encodeStatus(status, 100)).deployments).toEqual([]);
  });
});
