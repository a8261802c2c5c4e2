/** The anchor as a process, and its REST API as a script would use it. */
import { freePort } from './free-port.ts';
import { Program } from './program.ts';

const HOST = '127.0.0.1';

export interface Answer {
  status: number;
  etag: string | null;
  body: unknown;
}

export interface AnchorOptions {
  home: string;
  natsUrl: string;
  /** Arguments of node: the sources in tests, the bundle in measurements. */
  program: readonly string[];
  env?: Readonly<Record<string, string>>;
}

export class Anchor {
  readonly port: number;
  readonly #program: Program;
  #token = '';

  static async start(options: AnchorOptions): Promise<Anchor> {
    const port = await freePort(HOST);
    const program = new Program({
      name: 'anchor',
      command: process.execPath,
      args: options.program,
      env: {
        SCOREWALL_HOME: options.home,
        SCOREWALL_ANCHOR_LISTEN: `${HOST}:${port}`,
        SCOREWALL_NATS_URL: options.natsUrl,
        SCOREWALL_PUBLIC_NATS_URLS: options.natsUrl,
        ...options.env,
      },
    });
    const anchor = new Anchor(port, program);
    await anchor.start();
    return anchor;
  }

  private constructor(port: number, program: Program) {
    this.port = port;
    this.#program = program;
  }

  get url(): string {
    return `http://${HOST}:${this.port}`;
  }

  get pid(): number {
    return this.#program.pid;
  }

  authenticate(token: string): void {
    this.#token = token;
  }

  async start(): Promise<void> {
    this.#program.start();
    await this.#program.ready(() =>
      this.call('GET', '/readyz').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  }

  kill(): Promise<void> {
    return this.#program.kill('SIGKILL');
  }

  stop(): Promise<void> {
    return this.#program.stop();
  }

  lastWords(count?: number): string {
    return this.#program.lastWords(count);
  }

  async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, etag: answer.headers.get('etag'), body: text.startsWith('{') ? JSON.parse(text) : text };
  }

  /** As `call`, but an answer that is no success is an error with the problem's own words. */
  async expect(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
    const answer = await this.call(method, path, body, headers);
    if (answer.status >= 200 && answer.status < 300) return answer;
    throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }
}
