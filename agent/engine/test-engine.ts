/** A real podman service of a test's own: settings under which containers start here, its own store, a busybox image, a registry. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** Some hosts (containers without CAP_SYS_RESOURCE, cgroup v1) refuse podman's defaults; the first settings that start a container are used. */
const SETTINGS = ['', '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n[engine]\nruntime = "runc"\n'];

export const TEST_IMAGE = 'localhost/scorewall-test/web:1';

export interface TestEngine {
  socket: string;
  /** `127.0.1.x:port` of a registry that podman may use without TLS, once `startRegistry` was called. */
  registry: string;
  /** The reply of podman's API, for what the test sees of the world. */
  api(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }>;
  /** Puts an image of its own into the registry under this name; podman here does not have it. */
  publish(name: string): Promise<string>;
  startRegistry(): Promise<void>;
  stopRegistry(): Promise<void>;
  startService(): Promise<void>;
  /** kill -9 of the service; containers keep running. */
  killService(): Promise<void>;
  /** All of them, whoever made them. */
  removeContainers(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startTestEngine(options: { registry: string }): Promise<TestEngine> {
  const home = await mkdtemp(join(tmpdir(), 'scorewall-engine-'));
  const socket = join(home, 'podman.sock');
  const paths = ['--root', join(home, 'root'), '--runroot', join(home, 'runroot'), '--tmpdir', join(home, 'tmp')];
  const config = join(home, 'containers.conf');
  const registries = join(home, 'registries.conf');
  await writeFile(registries, `[[registry]]\nlocation = "${options.registry}"\ninsecure = true\n`);
  await writeNetwork(join(home, 'net'));
  let service: ChildProcess | undefined;
  let registry: ChildProcess | undefined;

  const env = () => ({
    ...process.env,
    CONTAINERS_REGISTRIES_CONF: registries,
    ...(existsSync(config) ? { CONTAINERS_CONF: config } : {}),
  });
  const api: TestEngine['api'] = (method, path, body) => call(socket, method, path, body);

  const startService = async () => {
    rmSync(socket, { force: true });
    service = spawn(
      'podman',
      [...paths, '--network-config-dir', join(home, 'net'), 'system', 'service', '--time=0', `unix://${socket}`],
      {
        env: env(),
        stdio: 'ignore',
      },
    );
    await until('podman to answer', async () => (await api('GET', '/_ping')).status === 200);
  };
  const killService = () => kill(service, 'SIGKILL');

  for (const settings of SETTINGS) {
    if (settings) await writeFile(config, settings);
    await startService();
    await importImage(api, home, TEST_IMAGE);
    if (await containerStarts(api)) break;
    await killService();
  }

  const startRegistry = async () => {
    await kill(registry, 'SIGKILL');
    const file = join(home, 'registry.yml');
    await writeFile(
      file,
      `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${join(home, 'registry')} } }\nhttp: { addr: "${options.registry}" }\n`,
    );
    registry = spawn('docker-registry', ['serve', file], { stdio: 'ignore' });
    await until('the registry to listen', () => canConnect(options.registry));
  };

  const removeContainers = async () => {
    const all = (await api('GET', '/v4.0.0/libpod/containers/json?all=true')).json as { Id: string }[];
    // Twice: the first removal of a container whose processes were all killed fails.
    for (const { Id } of [...all, ...all]) await api('DELETE', `/v4.0.0/libpod/containers/${Id}?force=true&v=true&timeout=0`);
  };

  return {
    socket,
    registry: options.registry,
    api,
    startService,
    killService,
    removeContainers,
    startRegistry,
    stopRegistry: () => kill(registry, 'SIGKILL'),
    async publish(name) {
      const reference = `${options.registry}/${name}`;
      const image = encodeURIComponent(reference);
      await importImage(api, home, reference);
      await expectOk(api('POST', `/v4.0.0/libpod/images/${image}/push?destination=${image}&tlsVerify=false`));
      await expectOk(api('DELETE', `/v4.0.0/libpod/images/${image}`));
      return reference;
    },
    async dispose() {
      await kill(registry, 'SIGKILL');
      await removeContainers();
      await kill(service, 'SIGTERM');
      unmountUnder(home);
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A bridge and a subnet of its own: two stores on one bridge would give two containers one address, and take the bridge from each other. */
async function writeNetwork(folder: string): Promise<void> {
  const [a, b] = [randomInt(200), randomInt(250)];
  const network = {
    name: 'podman',
    id: randomBytes(32).toString('hex'),
    driver: 'bridge',
    network_interface: `swt${a}x${b}`,
    created: new Date().toISOString(),
    subnets: [{ subnet: `10.${a + 20}.${b}.0/24`, gateway: `10.${a + 20}.${b}.1` }],
    ipv6_enabled: false,
    internal: false,
    dns_enabled: false,
    ipam_options: { driver: 'host-local' },
  };
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'podman.json'), JSON.stringify(network));
}

/** Waits for a state, with a deadline that only a defect reaches. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, deadlineMs = 60_000): Promise<void> {
  const end = Date.now() + deadlineMs;
  let last: unknown;
  while (Date.now() < end) {
    try {
      if (await holds()) return;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await delay(20);
  }
  throw new Error(`waited ${deadlineMs / 1000} s for ${what}`, { cause: last });
}

function call(socketPath: string, method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }> {
  return new Promise((resolve, reject) => {
    const raw = Buffer.isBuffer(body);
    const headers = {
      host: 'engine',
      connection: 'close',
      ...(body === undefined ? {} : { 'content-type': raw ? 'application/x-tar' : 'application/json' }),
    };
    const outgoing = request({ socketPath, method, path, headers }, async (reply) => {
      const chunks: Buffer[] = [];
      for await (const chunk of reply as AsyncIterable<Buffer>) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString('utf8');
      let json: unknown = text;
      try {
        json = JSON.parse(text);
      } catch {
        // A stream of several documents, or plain text: the test reads it as it is.
      }
      resolve({ status: reply.statusCode ?? 0, json });
    });
    outgoing.on('error', reject);
    outgoing.end(raw ? body : body === undefined ? undefined : JSON.stringify(body));
  });
}

async function expectOk(reply: Promise<{ status: number; json: unknown }>): Promise<void> {
  const { status, json } = await reply;
  if (status >= 300) throw new Error(`the engine answered ${status}: ${JSON.stringify(json)}`);
}

async function importImage(api: TestEngine['api'], home: string, reference: string): Promise<void> {
  const root = join(home, 'rootfs');
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
  if (!busybox) throw new Error('These tests need a static busybox (Debian: busybox-static).');
  await mkdir(join(root, 'bin'), { recursive: true });
  await mkdir(join(root, 'www'), { recursive: true });
  await mkdir(join(root, 'tmp'), { recursive: true });
  await writeFile(join(root, 'bin/busybox'), readFileSync(busybox), { mode: 0o755 });
  for (const name of ['sh', 'httpd', 'sleep', 'true', 'false', 'cat', 'test', 'touch']) {
    if (!existsSync(join(root, 'bin', name))) await symlink('busybox', join(root, 'bin', name));
  }
  await writeFile(join(root, 'www/index.html'), 'hello\n');
  // No two images share their content, and a pull takes long enough to be interrupted.
  await writeFile(join(root, 'ballast'), randomBytes(4 * 1024 * 1024));
  const archive = execFileSync('tar', ['-C', root, '-cf', '-', '.'], { maxBuffer: 64 * 1024 * 1024 });
  const changes = encodeURIComponent('CMD ["/bin/httpd","-f","-h","/www"]');
  await expectOk(
    api('POST', `/v4.0.0/libpod/images/import?reference=${encodeURIComponent(reference)}&changes=${changes}`, archive),
  );
}

async function containerStarts(api: TestEngine['api']): Promise<boolean> {
  const created = (await api('POST', '/v4.0.0/libpod/containers/create', { image: TEST_IMAGE })).json as { Id?: string };
  if (!created.Id) return false;
  const started = await api('POST', `/v4.0.0/libpod/containers/${created.Id}/start`);
  await api('DELETE', `/v4.0.0/libpod/containers/${created.Id}?force=true&timeout=0`);
  return started.status < 300;
}

function canConnect(address: string): Promise<boolean> {
  const [host, port] = address.split(':');
  return new Promise((resolve) => {
    const socket = createConnection({ host: host!, port: Number(port) });
    socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });
}

async function kill(child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

function unmountUnder(home: string): void {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '');
  for (const path of mounts.filter((path) => path.startsWith(home)).reverse()) {
    // Podman takes its own mounts down on the way out: whoever is second has nothing left to do.
    spawnSync('umount', ['-l', path], { stdio: 'ignore' });
  }
}
