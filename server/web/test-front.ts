/** A real front for tests, between a real NATS and as much of an anchor as it needs: a session for one cookie, and an echo. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestNats, type TestNats } from '../nats/test-server.ts';
import type { Front, PageHandler } from './front.ts';
import { openTestFront } from './open-test-front.ts';

export const COOKIE = 'scorewall=sam';
export const signedIn = { cookie: COOKIE };
export const asPage = { accept: 'text/html' };

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export class TestFront {
  /** Cookie of the one who is signed in. */
  session = COOKIE;
  /** What is signed in. */
  kind = 'person';
  /** Of the program that is let in. */
  token = 'Bearer of a program';
  seenByAnchor: IncomingMessage | undefined;
  seenByPages: IncomingHttpHeaders | undefined;
  anchor!: Server;
  front!: Front;
  port = 0;
  #folder = '';
  #nats: TestNats | undefined;

  static async start(): Promise<TestFront> {
    const test = new TestFront();
    try {
      await test.#start();
    } catch (error) {
      await test.stop();
      throw error;
    }
    return test;
  }

  async #start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), 'scorewall-front-'));
    const socketPath = join(this.#folder, 'anchor.sock');
    this.#nats = await startTestNats();
    this.anchor = await this.#answerAsAnchor(socketPath);
    const pages: PageHandler = async (incoming, response) => {
      this.seenByPages = incoming.headers;
      response.end('page');
    };
    const { wsUrl } = this.#nats;
    const settings = { anchor: { socketPath }, wsUrl, hosts: ['wall.example'], sessionCheckMs: 50, pages };
    ({ front: this.front, port: this.port } = await openTestFront(settings));
  }

  async stop(): Promise<void> {
    await this.front?.close();
    this.anchor?.close();
    await this.#nats?.stop();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  get(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request({ host: '127.0.0.1', port: this.port, path, method, headers }, (reply) => {
        const chunks: Buffer[] = [];
        reply.on('data', (chunk: Buffer) => chunks.push(chunk));
        reply.on('end', () => resolve({ status: reply.statusCode ?? 0, headers: reply.headers, body: Buffer.concat(chunks) }));
      });
      asked.on('error', reject);
      asked.end(body);
    });
  }

  /** Opens a websocket; `first`: what comes through it at once. */
  upgrade(path: string, headers: Record<string, string>): Promise<{ status: number; socket?: Socket; first?: string }> {
    return new Promise((resolve, reject) => {
      const asked = request({
        host: '127.0.0.1',
        port: this.port,
        path,
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': Buffer.from('0123456789abcdef').toString('base64'),
          ...headers,
        },
      });
      asked.on('response', (reply) => resolve({ status: reply.statusCode ?? 0 }));
      asked.on('upgrade', (reply, socket, head) => {
        const done = (first: Buffer) => resolve({ status: reply.statusCode ?? 0, socket, first: first.toString('latin1') });
        if (head.length > 0) done(head);
        else socket.once('data', done);
      });
      asked.on('error', reject);
      asked.end();
    });
  }

  async #answerAsAnchor(socketPath: string): Promise<Server> {
    const server = createServer((incoming, response) => {
      if (incoming.url === '/api/v1/session') {
        const { cookie, authorization } = incoming.headers;
        const isKnown = cookie === this.session || authorization === this.token;
        response.writeHead(isKnown ? 200 : 401).end(JSON.stringify({ kind: this.kind }));
        return;
      }
      this.seenByAnchor = incoming;
      if (incoming.url === '/api/v1/too-large') {
        response.writeHead(413).end();
        return;
      }
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Set-Cookie': 'a=b', Connection: 'close' });
        const body = Buffer.concat(chunks).toString();
        response.end(JSON.stringify({ method: incoming.method, body, padding: ' '.repeat(5_000) }));
      });
    }).listen(socketPath);
    await once(server, 'listening');
    return server;
  }
}
