/** `npm run up -- --lan` as somebody runs it who has devices elsewhere, and its REST API. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { freePort } from '#e2e/stack/free-port.ts';

interface RunJson {
  apiToken: string;
  caFile: string;
}

/** Somebody may have pulled the cable. */
const ANSWER_MS = 60_000;

export class Hub {
  readonly #home = mkdtempSync(path.join(tmpdir(), 'scorewall-install-hub-'));
  readonly #address: string;
  readonly #env: Readonly<Record<string, string>>;
  #port = 0;
  #kept = false;
  #up: ChildProcess | undefined;

  /** `address`: by which a new device reaches it. */
  constructor(address: string, env: Readonly<Record<string, string>> = {}) {
    this.#address = address;
    this.#env = env;
  }

  async start(): Promise<void> {
    this.#port = await freePort('127.0.0.1');
    const ports = ['--port', String(this.#port), '--nats-port', String(await freePort('127.0.0.1'))];
    const args = ['server/up/bootstrap.mjs', '--home', this.#home, ...ports, '--no-devices', '--lan'];
    const env = { SCOREWALL_LOG_LEVEL: 'debug', ...process.env, ...this.#env, HOME: this.#home };
    const up = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env });
    this.#up = up;
    await new Promise<void>((resolve, reject) => {
      createInterface({ input: up.stdout }).on('line', (line) => line.startsWith('ready ') && resolve());
      up.once('exit', (code) => reject(new Error(`The hub ended with ${code} before it was ready.`)));
    });
  }

  async call(method: string, route: string, body?: unknown, headers: Record<string, string> = {}): Promise<unknown> {
    const { apiToken, caFile } = JSON.parse(readFileSync(path.join(this.#home, 'run.json'), 'utf8')) as RunJson;
    const all = { authorization: `Bearer ${apiToken}`, 'content-type': 'application/json', ...headers };
    const options = { host: this.#address, port: this.#port, path: `/api/v1${route}`, method, headers: all };
    return await new Promise((resolve, reject) => {
      const asking = request(
        { ...options, ca: readFileSync(caFile), agent: false, signal: AbortSignal.timeout(ANSWER_MS) },
        (answer) => {
          let text = '';
          answer.setEncoding('utf8').on('data', (chunk: string) => {
            text += chunk;
          });
          answer.on('end', () => {
            if ((answer.statusCode ?? 500) < 300) resolve(text ? JSON.parse(text) : undefined);
            else reject(new Error(`${method} ${route} was answered ${answer.statusCode}: ${text}`));
          });
        },
      );
      asking.on('error', reject);
      asking.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  /** Leaves its logs, its ledger and its storage behind when it stops, with these texts and its last answers; gives the folder. */
  async keep(logs: Readonly<Record<string, string>>): Promise<string> {
    const ask = (route: string) => this.call('GET', route).catch((error: Error) => error.message);
    const routes = ['/devices', '/status', '/wall', '/join-tokens', '/ledger', '/audit'];
    const said = Object.fromEntries(await Promise.all(routes.map(async (route) => [route, await ask(route)] as const)));
    for (const [name, text] of Object.entries({ ...logs, 'api.json': JSON.stringify(said, null, 2) }))
      writeFileSync(path.join(this.#home, name), text);
    this.#kept = true;
    return this.#home;
  }

  async stop(): Promise<void> {
    if (this.#up && this.#up.exitCode === null) {
      const ended = once(this.#up, 'exit');
      this.#up.kill('SIGTERM');
      await ended;
    }
    if (!this.#kept) rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }
}
