// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Compose writes its variables like this
import { describe, expect, it } from 'vitest';
import { readManifest } from '../../manifest/read-manifest.ts';
import { importCompose } from './import-compose.ts';
import { interpolate } from './interpolate.ts';

function imported(text: string) {
  const result = importCompose(text);
  if (!result.ok) throw new Error(result.message);
  const { value } = readManifest(result.manifest) as {
    value: { metadata: { name: string }; spec: { score: { data: { services: Record<string, unknown>[] } } } };
  };
  return {
    ...result,
    name: value.metadata.name,
    services: value.spec.score.data.services,
    notes: result.notes.map((note) => `${note.service ?? '*'} ${note.message}`),
  };
}
const one = (fields: string) => imported(`services:\n  web:\n    image: nginx:1.27\n${fields.replace(/^/gm, '    ')}\n`);

describe('a compose file', () => {
  it('becomes a manifest that only lacks where it goes', () => {
    const { manifest, name, notes } = imported(`
name: My Shop
services:
  web:
    image: nginx:\${TAG:-1.27}
    ports: ["8080:80", 9000, "127.0.0.1:53:53/udp"]
    environment: { MODE: live, COST: $$5 }
    volumes: [ "data:/var/lib/data", "/srv/www:/www:ro" ]
    restart: unless-stopped
    depends_on: { DB_main: { condition: service_healthy, restart: true } }
    deploy: { resources: { limits: { cpus: "0.5", memory: 256M } } }
    stop_grace_period: 1m30s
    read_only: true
    x-team: shop
  DB_main:
    image: postgres:16
    healthcheck: { test: [CMD, pg_isready], interval: 10s, start_interval: 1s }
volumes: { data: {} }
`);
    expect(name).toBe('my-shop');
    expect(manifest).toBe(`apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata:
  name: my-shop
spec:
  targetDevices: []
  score:
    type: PodmanV0
    data:
      services:
        - name: web
          image: nginx:1.27
          ports: ["8080:80", "9000", "127.0.0.1:53:53/udp"]
          env:
            MODE: live
            COST: $5
          volumes: [data:/var/lib/data, /srv/www:/www:ro]
          restart: unless-stopped
          resources:
            limits:
              cpus: "0.5"
              memory: 256M
          stopTimeoutSeconds: 90
          dependsOn:
            db-main:
              condition: service_healthy
          readOnly: true
          x-team: shop
        - name: db-main
          image: postgres:16
          healthcheck:
            test: [CMD, pg_isready]
            interval: 10s
`);
    expect(notes).toEqual([
      '* Variables became their defaults: TAG = 1.27.',
      'db-main was called DB_main. Names have lower-case letters, digits and dashes.',
      'db-main checks its health faster while it starts (start_interval). The usual interval is used.',
    ]);
    expect(readManifest(manifest).issues.map((issue) => issue.message)).toEqual([
      'Name at least one device.',
      'x-team is not part of the manifest. Kept as is.',
    ]);
  });

  it.each([
    ['a build', 'build: .', /^web is built from source there\. Build the image, push it/],
    ['networks', 'networks: [front]', /^web joins named networks/],
    ['an env file', 'env_file: .env', /^web reads variables from a file/],
    ['a relative bind', 'volumes: ["./conf:/etc/nginx"]', /^web mounts \.\/conf, a path beside the compose file/],
    ['a relative long bind', 'volumes: [{ type: bind, source: ../x, target: /x }]', /^web mounts \.\.\/x/],
    [
      'options of a volume',
      'volumes: [{ type: volume, source: a, target: /x, volume: { nocopy: true } }]',
      /^web sets volume of the volume \/x/,
    ],
    ['a variable of the shell', 'environment: [TOKEN]', /^web takes TOKEN from the shell/],
    ['an open variable', 'hostname: ${HOST}', /^\* HOST has no value here/],
    ['copies', 'deploy: { replicas: 3 }', /^web runs 3 copies/],
    [
      'rules of clusters',
      'deploy: { placement: {}, restart_policy: {} }',
      /deploy\.placement, deploy\.restart_policy, which is for clusters/,
    ],
    ['an entrypoint', 'entrypoint: /run.sh', /^web replaces the image's entrypoint/],
    ['secrets', 'secrets: [key, { source: tls, target: x }]', /^web uses the secret key, tls/],
    ['a port that is none', 'ports: ["a:b"]', /^web publishes the port a:b/],
    ['an unknown field', 'fancy: 1', /^web has fancy, which is not known here/],
  ])('names what it cannot take over: %s', (_, fields, note) => {
    const { notes } = one(fields);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(note);
  });

  it.each([
    ['a range of ports', 'ports: ["8000-8002:80-82/udp"]', { ports: ['8000:80/udp', '8001:81/udp', '8002:82/udp'] }],
    [
      'the long form of a port',
      'ports: [{ target: 80, published: "8080", host_ip: 127.0.0.1, protocol: tcp }]',
      { ports: ['127.0.0.1:8080:80/tcp'] },
    ],
    [
      'limits of older files',
      'mem_limit: 512m\ncpus: 1.5\npids_limit: 100',
      { resources: { limits: { cpus: 1.5, memory: '512m', pids: 100 } } },
    ],
    ['memory paths', 'tmpfs: /run', { tmpfs: ['/run'] }],
    ['what needs no word', 'container_name: web\nexpose: [80]\ninit: true', {}],
  ])('takes over %s', (_, fields, expected) => {
    const { services, notes } = one(fields);
    expect(services[0]).toEqual({ name: 'web', image: 'nginx:1.27', ...expected });
    expect(notes).toEqual([]);
  });

  it('asks for the image of what is built there', () => {
    const { manifest } = imported('services:\n  web:\n    build: .\n');
    expect(readManifest(manifest).issues.map((issue) => issue.message)).toContain(
      'Say which image to run, for example docker.io/library/nginx:alpine.',
    );
  });

  it('takes a manifest as it is', () => {
    const text = 'kind: Deployment # mine\n';
    expect(importCompose(text)).toEqual({ ok: true, manifest: text, notes: [] });
  });

  it.each([
    ['no services', 'version: "3"\n', 'No services are in here. A compose file has a group called services.'],
    ['no YAML', 'services:\n\tweb: 1\n', 'Line 2: this line starts with a tab. YAML wants spaces.'],
  ])('says so when there is %s', (_, text, message) => expect(importCompose(text)).toEqual({ ok: false, message }));
});

it.each([
  ['$A and ${B}', '$A and ${B}', ['A', 'B']],
  ['${A:-x}${B-y}', 'xy', []],
  ['${A:+x}$$B', '$B', []],
  ['${A:?missing}', '${A:?missing}', ['A']],
])('interpolates %s', (text, expected, open) => expect(interpolate(text)).toMatchObject({ text: expected, open }));
