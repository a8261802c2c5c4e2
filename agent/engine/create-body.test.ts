import { describe, expect, it } from 'vitest';
import { PodmanService } from '#contracts/score/service.ts';
import { dockerCreateBody } from './docker-create-body.ts';
import { podmanCreateBody } from './podman-create-body.ts';

const spec = (fields: object) => {
  const service = { name: 'web', image: 'nginx:1', ...fields };
  PodmanService.parse(service);
  return {
    name: 'alice.web.web',
    service: service as PodmanService,
    labels: { 'scorewall.device': 'alice' },
    hostIp: '127.0.0.11',
    volumePrefix: 'alice.web',
  };
};
const podman = (fields: object) => podmanCreateBody(spec(fields));
const docker = (fields: object) => {
  const { HostConfig, ...rest } = dockerCreateBody(spec(fields)) as { HostConfig: object };
  return { ...rest, ...HostConfig };
};

/** What a field becomes in podman's words and in Docker's. Docker has no secrets outside a swarm. */
const TABLE: [string, object, object, object | undefined][] = [
  [
    'nothing but an image',
    {},
    {
      name: 'alice.web.web',
      image: 'nginx:1',
      restart_policy: 'always',
      stop_timeout: 300,
      labels: { 'scorewall.device': 'alice' },
      log_configuration: { driver: 'k8s-file', size: 16 * 1024 * 1024 },
    },
    {
      Image: 'nginx:1',
      LogConfig: { Type: 'json-file', Config: { 'max-size': '16m', 'max-file': '2' } },
      RestartPolicy: { Name: 'always', MaximumRetryCount: 0 },
      StopTimeout: 300,
      Labels: { 'scorewall.device': 'alice' },
    },
  ],
  ['a command as words', { command: ['a', 'b c'] }, { command: ['a', 'b c'] }, { Cmd: ['a', 'b c'] }],
  [
    'a command as a line',
    { command: `a "b c" d\\ e 'f "g'` },
    { command: ['a', 'b c', 'd e', 'f "g'] },
    { Cmd: ['a', 'b c', 'd e', 'f "g'] },
  ],
  ['a command with args', { command: 'a', args: ['b'] }, { command: ['a', 'b'] }, { Cmd: ['a', 'b'] }],
  ['args alone', { args: ['b'] }, { command: ['b'] }, { Cmd: ['b'] }],
  ['env as a map', { env: { A: 1, B: true, C: '' } }, { env: { A: '1', B: 'true', C: '' } }, { Env: ['A=1', 'B=true', 'C='] }],
  ['env as a list', { env: ['A=1=2', 'B'] }, { env: { A: '1=2', B: '' } }, { Env: ['A=1=2', 'B='] }],
  [
    'a port',
    { ports: ['8080:80'] },
    { portmappings: [{ container_port: 80, host_port: 8080, host_ip: '127.0.0.11', protocol: 'tcp' }] },
    { PortBindings: { '80/tcp': [{ HostIp: '127.0.0.11', HostPort: '8080' }] }, ExposedPorts: { '80/tcp': {} } },
  ],
  [
    'a port with everything, and one that the engine chooses',
    { ports: ['127.0.0.1:53:5353/udp', '80'] },
    {
      portmappings: [
        { container_port: 5353, host_port: 53, host_ip: '127.0.0.1', protocol: 'udp' },
        { container_port: 80, host_port: 0, host_ip: '127.0.0.11', protocol: 'tcp' },
      ],
    },
    {
      PortBindings: {
        '5353/udp': [{ HostIp: '127.0.0.1', HostPort: '53' }],
        '80/tcp': [{ HostIp: '127.0.0.11', HostPort: '' }],
      },
    },
  ],
  [
    'secrets as files',
    { secrets: ['token', { source: 'key', target: 'id', uid: '1000', gid: '100', mode: 0o400 }] },
    {
      secrets: [
        { source: 'token', target: 'token', uid: 0, gid: 0, mode: 0o444 },
        { source: 'key', target: 'id', uid: 1000, gid: 100, mode: 0o400 },
      ],
    },
    undefined,
  ],
  [
    'volumes in the short form',
    { volumes: ['data:/data:ro', '/srv/a:/b:rw,z', '/cache'] },
    {
      volumes: [
        { Name: 'alice.web.data', Dest: '/data', Options: ['ro'] },
        { Dest: '/cache', Options: [] },
      ],
      mounts: [{ type: 'bind', source: '/srv/a', destination: '/b', options: ['rbind', 'rw', 'z'] }],
    },
    { Binds: ['alice.web.data:/data:ro', '/srv/a:/b:rw,z'], Volumes: { '/cache': {} } },
  ],
  [
    'volumes in the long form',
    {
      volumes: [
        { type: 'bind', source: '/srv', target: '/a', read_only: true },
        { type: 'volume', source: 'data', target: '/b' },
        { type: 'tmpfs', target: '/c' },
      ],
    },
    {
      mounts: [
        { type: 'bind', source: '/srv', destination: '/a', options: ['rbind', 'ro'] },
        { type: 'tmpfs', destination: '/c' },
      ],
      volumes: [{ Name: 'alice.web.data', Dest: '/b', Options: [] }],
    },
    { Binds: ['/srv:/a:ro', 'alice.web.data:/b:rw'], Tmpfs: { '/c': '' } },
  ],
  [
    'devices',
    { devices: ['/dev/hailo0', '/dev/a:/dev/b:r'] },
    { devices: [{ path: '/dev/hailo0' }, { path: '/dev/a:/dev/b:r' }] },
    {
      Devices: [
        { PathOnHost: '/dev/hailo0', PathInContainer: '/dev/hailo0', CgroupPermissions: 'rwm' },
        { PathOnHost: '/dev/a', PathInContainer: '/dev/b', CgroupPermissions: 'r' },
      ],
    },
  ],
  ['restart no', { restart: 'no' }, { restart_policy: 'no' }, { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } }],
  [
    'restart with tries',
    { restart: 'on-failure:3' },
    { restart_policy: 'on-failure', restart_tries: 3 },
    { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } },
  ],
  [
    'a health check',
    { healthcheck: { test: 'curl -f localhost', interval: '1m30s', timeout: '500ms', retries: 5, start_period: '2s' } },
    // Interval 0: the agent runs it, not a timer of systemd.
    {
      healthconfig: {
        Test: ['CMD-SHELL', 'curl -f localhost'],
        Interval: 0,
        Timeout: 500_000_000,
        StartPeriod: 2_000_000_000,
        Retries: 5,
      },
    },
    {
      Healthcheck: {
        Test: ['CMD-SHELL', 'curl -f localhost'],
        Interval: 90_000_000_000,
        Timeout: 500_000_000,
        StartPeriod: 2_000_000_000,
        Retries: 5,
      },
    },
  ],
  [
    'a health check switched off',
    { healthcheck: { disable: true } },
    { healthconfig: { Test: ['NONE'] } },
    { Healthcheck: { Test: ['NONE'] } },
  ],
  [
    'resources',
    { resources: { limits: { cpus: '0.5', memory: '64m', pids: 20 }, reservations: { memory: 1024 } } },
    {
      resource_limits: {
        cpu: { quota: 50_000, period: 100_000 },
        memory: { limit: 67_108_864, reservation: 1024 },
        pids: { limit: 20 },
      },
    },
    { NanoCpus: 500_000_000, Memory: 67_108_864, PidsLimit: 20, MemoryReservation: 1024 },
  ],
  ['a stop timeout', { stopTimeoutSeconds: 0 }, { stop_timeout: 0 }, { StopTimeout: 0 }],
  [
    'labels, which never replace ours',
    { labels: ['team=blue', 'on'] },
    { labels: { team: 'blue', on: '', 'scorewall.device': 'alice' } },
    { Labels: { team: 'blue', on: '', 'scorewall.device': 'alice' } },
  ],
  ['a host name', { hostname: 'box' }, { hostname: 'box' }, { Hostname: 'box' }],
  ['a user', { user: '1000:100' }, { user: '1000:100' }, { User: '1000:100' }],
  ['a read-only root', { readOnly: true }, { read_only_filesystem: true }, { ReadonlyRootfs: true }],
  [
    'tmpfs',
    { tmpfs: ['/run', '/tmp'] },
    {
      mounts: [
        { type: 'tmpfs', destination: '/run' },
        { type: 'tmpfs', destination: '/tmp' },
      ],
    },
    { Tmpfs: { '/run': '', '/tmp': '' } },
  ],
];

describe('a service becomes a container', () => {
  it.each(TABLE)('with %s', (_, fields, inPodman, inDocker) => {
    expect(podman(fields)).toMatchObject(inPodman);
    if (inDocker) expect(docker(fields)).toMatchObject(inDocker);
  });

  it('on every address where the device names none', () =>
    expect(podmanCreateBody({ ...spec({ ports: ['80:80'] }), hostIp: '0.0.0.0' }).portmappings).toMatchObject([{ host_ip: '' }]));
});
