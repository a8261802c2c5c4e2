/** The least a container can cost: the engine's own create and start, without anybody deciding anything. */
import { execFile } from 'node:child_process';
import { Agent, request } from 'node:http';
import { promisify } from 'node:util';
import type { PodmanService } from '#contracts/score/service.ts';

const run = promisify(execFile);

export class EngineFloor {
  readonly #socket: string;
  readonly #http = new Agent({ keepAlive: true });

  constructor(socket: string) {
    this.#socket = socket;
  }

  /** Returns the id of a container that carries what the agent's would. */
  async create(name: string, service: PodmanService, address: string): Promise<string> {
    const [hostPort, containerPort] = (service.ports?.[0] ?? '').split(':').map(Number);
    const { Id } = (await this.#call('POST', `/v4.0.0/libpod/containers/create`, {
      name,
      image: service.image,
      command: service.command,
      ...(hostPort
        ? { portmappings: [{ host_ip: address, host_port: hostPort, container_port: containerPort, protocol: 'tcp' }] }
        : {}),
      restart_policy: 'always',
      stop_timeout: 1,
      labels: { 'scorewall.bench': 'floor', 'scorewall.score': JSON.stringify(service) },
    })) as { Id: string };
    return Id;
  }

  async start(id: string): Promise<void> {
    await this.#call('POST', `/v4.0.0/libpod/containers/${id}/start`);
  }

  async remove(nameOrId: string): Promise<void> {
    await this.#call('DELETE', `/v4.0.0/libpod/containers/${nameOrId}?force=true&timeout=0`);
  }

  close(): void {
    this.#http.destroy();
  }

  #call(method: string, path: string, body?: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        {
          socketPath: this.#socket,
          agent: this.#http,
          method,
          path,
          headers: { host: 'engine', 'content-type': 'application/json' },
        },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          answer.on('end', () => {
            if ((answer.statusCode ?? 500) > 299) reject(new Error(`${method} ${path}: ${text}`));
            else resolve(text ? JSON.parse(text) : undefined);
          });
        },
      );
      outgoing.on('error', reject);
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }
}

/** What a person at the device would type. */
export async function podmanRun(
  name: string,
  service: PodmanService,
  address: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const port = service.ports?.[0] ? ['--publish', `${address}:${service.ports[0]}`] : [];
  await run(
    'podman',
    ['run', '--detach', '--restart', 'always', '--name', name, ...port, service.image, ...(service.command as string[])],
    {
      env: { ...process.env, ...env },
    },
  );
}
