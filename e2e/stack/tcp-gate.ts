/** A TCP proxy that can be shut (connections refused), or stalled after so many bytes: the network, as a test wants it. */
import { once } from 'node:events';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { freePort } from './free-port.ts';

export class TcpGate {
  readonly host: string;
  readonly port: number;
  #target: { host: string; port: number };
  #server: Server | undefined;
  #sockets = new Set<Socket>();
  #bytesLeft = Number.POSITIVE_INFINITY;
  #stalled = new Set<Socket>();
  #onStall: (() => void) | undefined;

  static async open(target: { host: string; port: number }, host = '127.0.0.1'): Promise<TcpGate> {
    const gate = new TcpGate(host, await freePort(host), target);
    await gate.open();
    return gate;
  }

  private constructor(host: string, port: number, target: { host: string; port: number }) {
    this.host = host;
    this.port = port;
    this.#target = target;
  }

  async open(): Promise<void> {
    if (this.#server) return;
    this.#server = createServer((socket) => this.#carry(socket)).listen(this.port, this.host);
    await once(this.#server, 'listening');
  }

  /** Cuts every connection and refuses new ones. */
  async shut(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = once(server, 'close');
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  /** Lets `bytes` more through towards the client, then nothing until `flow`. Resolves when the first connection stalls. */
  stallAfter(bytes: number): Promise<void> {
    this.#bytesLeft = bytes;
    return new Promise((resolve) => {
      this.#onStall = resolve;
    });
  }

  flow(): void {
    this.#bytesLeft = Number.POSITIVE_INFINITY;
    for (const socket of this.#stalled) socket.resume();
    this.#stalled.clear();
  }

  #carry(client: Socket): void {
    const upstream = dial(this.#target);
    const ends: [Socket, Socket] = [client, upstream];
    for (const socket of ends) {
      socket.setNoDelay(true);
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        this.#sockets.delete(socket);
        this.#stalled.delete(socket);
        for (const end of ends) end.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (chunk: Buffer) => {
      this.#bytesLeft -= chunk.length;
      if (!client.write(chunk)) {
        upstream.pause();
        client.once('drain', () => {
          if (!this.#stalled.has(upstream)) upstream.resume();
        });
      }
      if (this.#bytesLeft > 0) return;
      this.#stalled.add(upstream);
      upstream.pause();
      this.#onStall?.();
    });
    upstream.once('end', () => client.end());
  }
}
