import { describe, expect, it } from 'vitest';
import { type PublishedPort, parsePort } from '#contracts/score/port.ts';
import { type DevicePortHolder, portConflicts } from './port-conflicts.ts';

const holder = (device: string, deployment: string, service: string, port: string): DevicePortHolder => ({
  device,
  deployment,
  service,
  port: parsePort(port) as PublishedPort,
});
const holders = [
  holder('alice', 'grafana', 'grafana', '8080:3000'),
  holder('aria', 'grafana', 'grafana', '8080:3000'),
  holder('octavia', 'vision', 'camera', '8081:80'),
  holder('lucidia', 'vision', 'camera', '127.0.0.1:9000:80'),
];

describe('ports of other deployments', () => {
  it.each<[string, string[], string[], string[]]>([
    ['free', ['8082:80'], ['alice', 'octavia'], []],
    ['taken on one device', ['8080:80'], ['alice'], ['8080 is taken on Alice by grafana. Next free: 8081.']],
    ['taken on two', ['8080:80'], ['alice', 'aria'], ['8080 is taken on Alice and Aria by grafana. Next free: 8081.']],
    ['the next one is taken too', ['8080:80'], ['alice', 'octavia'], ['8080 is taken on Alice by grafana. Next free: 8082.']],
    ['the next one is mine', ['8080:80', '8081:81'], ['alice'], ['8080 is taken on Alice by grafana. Next free: 8082.']],
    ['a service among others', ['8081:80'], ['octavia'], ['8081 is taken on Octavia by camera of vision. Next free: 8082.']],
    ['somewhere else', ['8080:80'], ['octavia'], []],
    ['of another protocol', ['8080:80/udp'], ['alice'], []],
    ['on another address', ['127.0.0.2:9000:80'], ['lucidia'], []],
    ['on every address', ['9000:80'], ['lucidia'], ['9000 is taken on Lucidia by camera of vision. Next free: 9001.']],
    ['chosen by the engine', ['80'], ['alice'], []],
  ])('%s', (_, ports, targets, messages) => {
    const score = { type: 'PodmanV0' as const, data: { services: [{ name: 'hello', image: 'nginx', ports }] } };
    expect(portConflicts(score, targets, holders).map(({ message }) => message)).toEqual(messages);
  });
});
