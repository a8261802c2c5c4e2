import { describe, expect, it } from 'vitest';
import { engineErrorFromPull, engineErrorFromReply } from './engine-error.ts';

describe('a reply of the engine', () => {
  it.each([
    [500, 'localhost/nope:1: image not known', 'image-missing'],
    [404, 'No such image: nope:latest', 'image-missing'],
    [500, 'creating container storage: the container name "a" is already in use by 2b06', 'name-taken'],
    [500, 'name "a.b" is in use: pod already exists', 'name-taken'],
    [409, 'Conflict. The container name "/a" is already in use by container "2b06"', 'name-taken'],
    [500, 'rootlessport listen tcp 0.0.0.0:80: bind: address already in use', 'port-taken'],
    [500, 'driver failed programming external connectivity: Bind for 0.0.0.0:80 failed: port is already allocated', 'port-taken'],
    [500, 'no such secret: no secret with name or id "token"', 'secret-missing'],
    [500, 'write /var/lib/containers: no space left on device', 'disk-full'],
    [404, 'no container with name or ID "z" found', 'not-found'],
    [409, 'image is in use by a container', 'in-use'],
    [500, 'runc: exec: "x": not found', 'refused'],
  ])('%i %s', (status, message, code) => expect(engineErrorFromReply(status, message)).toMatchObject({ code, status, message }));
});

describe('a pull that fails', () => {
  it.each([
    ['reading manifest 1 in 127.0.0.1:5000/nope: manifest unknown: manifest unknown', 'image-not-found'],
    ['reading manifest 1 in docker.io/library/nope: requested access to the resource is denied', 'image-not-found'],
    [
      'pinging container registry r: Get "https://r/v2/": dial tcp 127.0.0.1:443: connect: connection refused',
      'registry-unreachable',
    ],
    ['dial tcp: lookup r: no such host', 'registry-unreachable'],
    ['net/http: TLS handshake timeout', 'registry-unreachable'],
    ['copying blob: write /var: no space left on device', 'disk-full'],
    ['something new', 'pull-failed'],
  ])('%s', (message, code) => expect(engineErrorFromPull(message).code).toBe(code));
});
