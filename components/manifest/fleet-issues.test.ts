import { describe, expect, it } from 'vitest';
import type { Deployment } from '#contracts/deployment.ts';
import { fleetIssues } from './fleet-issues.ts';

const devices = [
  { name: 'alice', labels: { role: 'camera' } },
  { name: 'aria', labels: { role: 'camera' } },
  { name: 'octavia', labels: { role: 'infer' } },
];

function deployment(
  name: string,
  ports: string[],
  spec: Partial<Deployment['spec']> = { targetDevices: ['alice'] },
  service = name,
): Deployment {
  return {
    apiVersion: 'iot.nationtech.io/v1alpha1',
    kind: 'Deployment',
    metadata: { name },
    spec: { ...spec, score: { type: 'PodmanV0', data: { services: [{ name: service, image: 'nginx', ports }] } } },
  };
}
const found = (mine: Deployment, ...others: Deployment[]) => fleetIssues(mine, { devices, deployments: [mine, ...others] });

describe('ports of other deployments', () => {
  it('names who holds the port, where, and the next free one with its fix', () => {
    const issues = found(
      deployment('hello', ['8080:80'], { targetDevices: ['alice', 'aria'] }),
      deployment('grafana', ['8080:3000'], { targetDevices: ['aria'] }),
    );
    expect(issues).toEqual([
      {
        path: ['spec', 'score', 'data', 'services', 0, 'ports', 0],
        severity: 'error',
        message: '8080 is taken on Aria by grafana. Next free: 8081.',
        fixes: [{ label: 'Use 8081', path: ['spec', 'score', 'data', 'services', 0, 'ports', 0], value: '8081:80' }],
      },
    ]);
  });

  it('finds holders by labels too, and skips ports that are taken as well', () => {
    const [issue] = found(
      deployment('hello', ['127.0.0.1:8080:80/tcp', '8082:82'], { targetSelector: { role: 'camera' } }),
      deployment('monitoring', ['8080:80', '8081:81'], { targetSelector: { role: 'camera' } }, 'web'),
    );
    expect(issue?.message).toBe('8080 is taken on Alice and Aria by web of monitoring. Next free: 8083.');
    expect(issue?.fixes?.[0]?.value).toBe('127.0.0.1:8083:80/tcp');
  });

  it.each([
    ['another device', deployment('grafana', ['8080:80'], { targetDevices: ['octavia'] })],
    ['another protocol', deployment('grafana', ['8080:80/udp'])],
    ['a port the engine chooses', deployment('grafana', ['80'])],
    ['the stored version of itself', deployment('hello', ['8080:80'])],
  ])('is silent about %s', (_, other) => expect(found(deployment('hello', ['8080:80']), other)).toEqual([]));
});

describe('where', () => {
  it('knows a slip of the pen in a name', () => {
    expect(found(deployment('hello', [], { targetDevices: ['alcie'] }))).toMatchObject([
      {
        severity: 'warning',
        message: 'No device is called alcie. Did you mean alice?',
        fixes: [{ label: 'Use alice', value: 'alice' }],
      },
    ]);
  });
  it('lets a device be named before it is added', () => {
    expect(found(deployment('hello', [], { targetDevices: ['shellfish'] }))[0]?.message).toBe(
      'No device is called shellfish yet. It gets this when it is added.',
    );
  });
  it('says when a selector matches nobody', () => {
    expect(found(deployment('hello', [], { targetSelector: { role: 'gateway' } }))[0]?.message).toBe(
      'No device has role: gateway. Nothing would happen.',
    );
  });
});
