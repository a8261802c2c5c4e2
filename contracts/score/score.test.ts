import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePort } from './port.ts';
import { decodeScore, encodeScore, encodeService } from './score.ts';

/** Golden messages: other writers of the bucket send exactly these bytes. They must decode and encode to themselves for ever. */
const GOLDEN = {
  hello:
    '{"type":"PodmanV0","data":{"services":[{"name":"hello","image":"docker.io/library/nginx:alpine","ports":["8080:80"]}]}}',
  reordered: '{"data":{"services":[{"ports":["8080:80"],"image":"nginx","name":"hello"}]},"type":"PodmanV0"}',
  empty: '{"type":"PodmanV0","data":{"services":[]}}',
  everything:
    '{"type":"PodmanV0","data":{"services":[{"name":"vision","image":"registry.local:5000/vision:1.4.2@sha256:0000000000000000000000000000000000000000000000000000000000000000","ports":["127.0.0.1:8080:80/tcp","53:53/udp","9000"],"command":["serve","--fast"],"args":["-v"],"env":{"MODEL":"phi3","WORKERS":2,"DEBUG":false},"secrets":["api-key",{"source":"tls","target":"tls.pem","mode":256}],"volumes":["data:/var/lib/data","/srv:/srv:ro",{"type":"tmpfs","target":"/scratch"}],"devices":["/dev/hailo0"],"restart":"on-failure:3","healthcheck":{"test":["CMD","true"],"interval":"10s","timeout":"2s","retries":3,"start_period":"1m30s"},"resources":{"limits":{"cpus":1.5,"memory":"512m","pids":100}},"stopTimeoutSeconds":10,"dependsOn":{"broker":{"condition":"service_healthy"}},"labels":{"team":"vision"},"hostname":"eye","user":"1000:1000","readOnly":true,"tmpfs":["/tmp"],"screen":{"kind":"vnc","port":5900},"x-team":"vision"},{"name":"broker","image":"nats:2","screen":{"kind":"terminal"}}]}}',
};

describe('golden scores', () => {
  it.each(Object.entries(GOLDEN))('%s decodes and encodes byte for byte', (_, text) => {
    const decoded = decodeScore(text);
    expect(decoded).toMatchObject({ ok: true });
    if (decoded.ok) expect(encodeScore(decoded.score)).toBe(text);
  });

  it("gives each service its exact text, in the author's order of keys", () => {
    const decoded = decodeScore(GOLDEN.reordered);
    expect(decoded.ok && encodeService(decoded.score.data.services[0]!)).toBe(
      '{"ports":["8080:80"],"image":"nginx","name":"hello"}',
    );
  });
});

const score = (service: object) =>
  JSON.stringify({ type: 'PodmanV0', data: { services: [{ name: 'hello', image: 'nginx', ...service }] } });

describe('what a device cannot run', () => {
  it('calls an unknown type unsupported and names it', () => {
    const decoded = decodeScore('{"type":"KubectlApplyV0","data":{}}');
    expect(decoded).toMatchObject({ ok: false, reason: 'unsupported' });
    expect(!decoded.ok && decoded.issues[0]!.message).toContain('KubectlApplyV0');
  });

  it('calls an unknown service field unsupported, with its path and the word that was meant', () => {
    const decoded = decodeScore(score({ environment: { A: '1' } }));
    expect(decoded).toMatchObject({
      ok: false,
      reason: 'unsupported',
      issues: [{ path: ['data', 'services', 0, 'environment'], suggestion: 'env' }],
    });
  });

  it.each([
    ['a slip of the pen', { imgae: 'x' }, 'image'],
    ['another case', { stopTimeoutseconds: 3 }, 'stopTimeoutSeconds'],
    ['a Compose name', { depends_on: [] }, 'dependsOn'],
  ])('suggests the field for %s', (_, fields, suggestion) => {
    const decoded = decodeScore(score(fields));
    expect(!decoded.ok && decoded.issues[0]!.suggestion).toBe(suggestion);
  });

  it.each([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['a name that is a wildcard', score({ name: '*' })],
    ['a name with a dot', score({ name: 'a.b' })],
    ['a port out of range', score({ ports: ['99999:80'] })],
    ['a port that is a word', score({ ports: ['http'] })],
    ['a relative volume', score({ volumes: ['./data:/data'] })],
    ['a label of ours', score({ labels: { 'scorewall.device': 'bob' } })],
    ['an empty image', score({ image: '' })],
    ['a negative stop timeout', score({ stopTimeoutSeconds: -1 })],
    ['a service that waits for nobody we know', score({ dependsOn: ['ghost'] })],
    ['a service that waits for itself', score({ dependsOn: ['hello'] })],
  ])('calls %s invalid', (_, text) => {
    const decoded = decodeScore(text);
    expect(decoded).toMatchObject({ ok: false, reason: 'invalid' });
    expect(!decoded.ok && decoded.issues.length).toBeGreaterThan(0);
  });

  it('names who holds a port twice asked for, and the next free one', () => {
    const decoded = decodeScore(
      JSON.stringify({
        type: 'PodmanV0',
        data: {
          services: [
            { name: 'grafana', image: 'g', ports: ['8080:80'] },
            { name: 'hello', image: 'h', ports: ['8080:81'] },
          ],
        },
      }),
    );
    expect(!decoded.ok && decoded.issues).toMatchObject([
      { path: ['data', 'services', 1, 'ports', 0], message: '8080 is taken by the service grafana. Next free: 8081.' },
    ]);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => typeof decodeScore(text).ok === 'boolean'));
  });
});

describe('ports', () => {
  it.each([
    ['8080:80', { hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
    ['80', { containerPort: 80, protocol: 'tcp' }],
    ['53:53/udp', { hostPort: 53, containerPort: 53, protocol: 'udp' }],
    ['127.0.0.1:8080:80', { hostIp: '127.0.0.1', hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
    ['[::1]:8080:80', { hostIp: '::1', hostPort: 8080, containerPort: 80, protocol: 'tcp' }],
    ['127.0.0.1::80', { hostIp: '127.0.0.1', containerPort: 80, protocol: 'tcp' }],
  ])('%s', (text, port) => expect(parsePort(text)).toEqual(port));

  it.each(['', '0:80', '8080:0', '65536:1', '1.2.3.256:1:1', '8000-8010:80', '80/http', 'a:b'])('refuses %j', (text) =>
    expect(parsePort(text)).toHaveProperty('error'),
  );
});
