/** Sits on the path between an agent and its engine's socket: can stop one chosen request before or after the engine does it, and tells when one was answered. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';

export interface Cut {
  method: string;
  path: RegExp;
  /** `before`: the engine never hears of it. `after`: the engine has done it, the agent never learns. */
  at: 'before' | 'after';
}

export class EngineGate {
  readonly socket: string;
  /** `METHOD path` of every request that changed something, in order. */
  readonly changes: string[] = [];
  #target: string;
  #server: Server;
  #sockets = new Set<Socket>();
  #cut: (Cut & { reached(): void }) | undefined;
  #awaited = new Set<{ method: string; path: RegExp; answered(atMs: number): void }>();

  static async open(socket: string, target: string): Promise<EngineGate> {
    const gate = new EngineGate(socket, target);
    await once(gate.#server.listen(socket), 'listening');
    return gate;
  }

  private constructor(socket: string, target: string) {
    this.socket = socket;
    this.#target = target;
    this.#server = createServer((incoming, outgoing) => void this.#carry(incoming, outgoing));
    this.#server.on('upgrade', (incoming, socket, head) => this.#join(incoming, socket, head));
    this.#server.on('connection', (one) => {
      this.#sockets.add(one);
      one.once('close', () => this.#sockets.delete(one));
    });
  }

  /** Resolves when a request that fits arrives; it gets no answer, so its caller is caught in the middle. */
  cut(cut: Cut): Promise<void> {
    return new Promise((resolve) => {
      this.#cut = { ...cut, reached: resolve };
    });
  }

  /** The moment (`performance.now()`) of the engine's next success on such a request. */
  nextAnswer(method: string, path: RegExp): Promise<number> {
    return new Promise((resolve) => {
      const one = {
        method,
        path,
        answered: (atMs: number) => {
          this.#awaited.delete(one);
          resolve(atMs);
        },
      };
      this.#awaited.add(one);
    });
  }

  /** From now on everything passes; a caller still caught gets a reset. */
  pass(): void {
    this.#cut = undefined;
    for (const one of this.#sockets) one.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const one of this.#sockets) one.destroy();
    await closed;
  }

  async #carry(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = incoming;
    const cut = this.#cut && this.#cut.method === method && this.#cut.path.test(url) ? this.#cut : undefined;
    if (cut) this.#cut = undefined;
    if (cut?.at === 'before') return cut.reached();
    if (method !== 'GET') this.changes.push(`${method} ${url}`);
    const upstream = request({ socketPath: this.#target, method, path: url, headers: incoming.headers, agent: false });
    upstream.once('error', () => outgoing.destroy());
    upstream.once('response', (answer) => {
      if (cut) {
        answer.resume().once('end', cut.reached);
        return;
      }
      this.#tell(method, url, answer.statusCode ?? 502);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      // A stream of events must not wait for its first event to say that it stands.
      outgoing.flushHeaders();
      answer.on('error', () => outgoing.destroy());
      answer.pipe(outgoing);
    });
    outgoing.once('close', () => {
      if (!cut) upstream.destroy();
    });
    incoming.pipe(upstream);
  }

  /** A terminal of a container: bytes both ways from here on. */
  #join({ method, url, rawHeaders }: IncomingMessage, socket: Duplex, head: Buffer): void {
    const upstream = connect({ path: this.#target, allowHalfOpen: true });
    const lines = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [`${name}: ${rawHeaders[index + 1]}`] : []));
    upstream.write(`${method} ${url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    upstream.write(head);
    for (const [one, other] of [
      [socket, upstream],
      [upstream, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
      one.pipe(other);
    }
  }

  #tell(method: string, url: string, status: number): void {
    if (status > 299) return;
    for (const one of [...this.#awaited]) if (one.method === method && one.path.test(url)) one.answered(performance.now());
  }
}
