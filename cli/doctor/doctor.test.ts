import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { WallSnapshot } from '#contracts/api.ts';
import { examineDevices } from './devices.ts';
import { examineClocks, examineVersions } from './hub.ts';
import { examineClock, examineNode, examinePort } from './machine.ts';

const NOW = '2026-11-21T12:00:00.000Z';
const ago = (ms: number) => new Date(Date.parse(NOW) - ms).toISOString();

function wallOf(
  reportedMsAgo: number | undefined,
  change: (status: WallSnapshot['statuses'][number]['value']) => void = () => {},
): WallSnapshot {
  const status: WallSnapshot['statuses'][number] = {
    revision: 1,
    receivedAt: ago(reportedMsAgo ?? 0),
    value: {
      device: 'front-door',
      reportedAt: ago(reportedMsAgo ?? 0),
      agent: { version: '0.1.0', startedAt: NOW, credentials: 'creds' },
      engine: { kind: 'podman', version: '5.4.2', reachable: true },
      host: {
        hostname: 'x',
        model: '',
        os: 'Debian',
        kernel: '6',
        arch: 'arm64',
        cpuCount: 4,
        cpuPercent: 1,
        memoryTotalBytes: 1,
        memoryUsedBytes: 0,
        diskTotalBytes: 1,
        diskUsedBytes: 0,
        temperatureCelsius: null,
        uptimeSeconds: 1,
        throttled: null,
      },
      deployments: [],
    },
  };
  change(status.value);
  const device = { name: 'front-door', labels: {}, seat: 0, publicKey: '', local: false, createdAt: NOW, createdBy: 'owner' };
  return {
    takenAt: NOW,
    wallName: 'Workshop',
    devices: [{ revision: 1, device }],
    statuses: reportedMsAgo === undefined ? [] : [status],
    presence: [],
    presenceKnown: false,
    deployments: [],
    events: [],
  };
}

describe('the doctor on devices', () => {
  it.each([
    ['live', wallOf(1000), 'ok', /live, last report 1 s ago, podman 5.4.2/, undefined],
    ['late', wallOf(40_000), 'warning', /late, last report 40 s ago/, /offline when 90 s pass/],
    ['offline', wallOf(100_000), 'trouble', /offline, last report 1 min ago/, /services keep running/],
    ['never seen', wallOf(undefined), 'warning', /never here/, /its two files .* scorewall-agent --config/],
  ] as const)('one that is %s', (_, wall, verdict, fact, advice) => {
    const [finding, ...more] = examineDevices(wall);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ subject: 'Front Door', verdict, fact: expect.stringMatching(fact) });
    if (advice) expect(finding?.advice).toMatch(advice);
  });

  it('every trouble is named with its place and the words of the device', () => {
    const wall = wallOf(1000, (status) => {
      status.reportedAt = ago(120_000);
      status.engine.error = { code: 'engine-unreachable', message: 'podman does not answer. Restart it.', since: NOW };
      status.deployments = [
        {
          name: 'hello',
          phase: 'failed',
          revision: 1,
          services: [
            {
              name: 'web',
              state: 'failed',
              health: 'none',
              image: 'x',
              ports: [],
              restarts: 0,
              error: { code: 'port-taken', message: '8080 is taken.', since: NOW },
            },
          ],
        },
      ];
    });
    expect(examineDevices(wall).map(({ subject, verdict, fact, advice }) => [subject, verdict, fact, advice])).toEqual([
      ['Front Door', 'trouble', 'engine unreachable', 'podman does not answer. Restart it.'],
      ['Front Door, hello/web', 'trouble', 'port taken', '8080 is taken.'],
      ['Front Door', 'warning', 'its clock is 119 s behind', expect.stringContaining('set-ntp')],
    ]);
  });
});

describe('the doctor on machine and hub', () => {
  it.each([
    ['20.8.1', 'trouble'],
    ['20.9.0', 'ok'],
    ['24.1.0', 'ok'],
  ])('Node %s: %s', (version, verdict) => expect(examineNode(version).verdict).toBe(verdict));

  it('a clock from before this software, clocks that differ, versions that differ', () => {
    expect(examineClock(0).verdict).toBe('trouble');
    expect(examineClocks(-9000).fact).toBe("the hub's is 9 s behind this machine's");
    expect(examineVersions('0.1.0', '0.1.0').verdict).toBe('ok');
    expect(examineVersions('0.2.0', '0.1.0').verdict).toBe('warning');
  });

  it('a port somebody uses, with the flag to choose another', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { port: number };
    expect(await examinePort(port, '--port')).toMatchObject({
      verdict: 'warning',
      advice: expect.stringContaining(`--port ${port + 1}`),
    });
    server.close();
  });
});
