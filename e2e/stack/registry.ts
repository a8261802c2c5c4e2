/** A real registry on loopback, reached through a gate that can be shut or stalled in the middle of a layer. */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findOnPath } from '#server/up/on-path.ts';
import { freePort } from './free-port.ts';
import { Program } from './program.ts';
import { TcpGate } from './tcp-gate.ts';

const run = promisify(execFile);
const HOST = '127.0.0.1';

export class Registry {
  readonly gate: TcpGate;
  /** What was pushed, and may have been pulled since. */
  readonly images: string[] = [];
  #program: Program;
  #folder: string;

  static async start(folder: string): Promise<Registry> {
    const port = await freePort(HOST);
    const file = join(folder, 'registry.yml');
    await mkdir(join(folder, 'blobs'), { recursive: true });
    await writeFile(
      file,
      `version: 0.1\nlog: { level: error }\nstorage: { filesystem: { rootdirectory: ${join(folder, 'blobs')} } }\nhttp: { addr: "${HOST}:${port}" }\n`,
    );
    const program = new Program({
      name: 'registry',
      command: findOnPath('docker-registry') ?? 'registry',
      args: ['serve', file],
    });
    program.start();
    await program.ready(() =>
      fetch(`http://${HOST}:${port}/v2/`).then(
        (answer) => answer.ok,
        () => false,
      ),
    );
    return new Registry(folder, program, await TcpGate.open({ host: HOST, port }, HOST));
  }

  private constructor(folder: string, program: Program, gate: TcpGate) {
    this.#folder = folder;
    this.#program = program;
    this.gate = gate;
  }

  get address(): string {
    return `${HOST}:${this.gate.port}`;
  }

  /** Lets podman pull from here without TLS. */
  async writeRegistriesConf(): Promise<string> {
    const file = join(this.#folder, 'registries.conf');
    await writeFile(file, `[[registry]]\nlocation = "${this.address}"\ninsecure = true\n`);
    return file;
  }

  /** A runnable image with one layer of `sizeBytes` that does not compress, there and not in the local store. */
  async pushImage(name: string, sizeBytes: number, env: Readonly<Record<string, string>>): Promise<string> {
    const reference = `${this.address}/${name}:1`;
    const context = join(this.#folder, `build-${name}`);
    await mkdir(context, { recursive: true });
    await writeFile(join(context, 'ballast'), randomBytes(sizeBytes));
    await writeFile(join(context, 'Containerfile'), 'FROM localhost/scorewall/hello:1\nCOPY ballast /ballast\n');
    const podman = (...args: string[]) => run('podman', args, { env: { ...process.env, ...env } });
    await podman('build', '--quiet', '--tag', reference, context);
    await podman('push', '--quiet', reference);
    await podman('rmi', '--force', reference);
    this.images.push(reference);
    return reference;
  }

  async stop(): Promise<void> {
    await this.gate.shut();
    await this.#program.stop();
  }
}
