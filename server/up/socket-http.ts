/** One HTTP exchange over a unix socket: how `up` speaks to the engine and to the anchor. */
import { request } from 'node:http';

export interface SocketRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  headers?: Readonly<Record<string, string>>;
  body?: Buffer | string;
}
export interface SocketReply {
  status: number;
  body: Buffer;
}

const TIMEOUT_MS = 120_000;

export function askSocket(socketPath: string, { method, path, headers, body }: SocketRequest): Promise<SocketReply> {
  return new Promise((resolve, reject) => {
    const options = {
      socketPath,
      method,
      path,
      headers: { host: 'localhost', connection: 'close', ...headers },
      timeout: TIMEOUT_MS,
    };
    const outgoing = request(options, (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () => resolve({ status: reply.statusCode ?? 0, body: Buffer.concat(chunks) }));
      reply.on('error', reject);
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error(`${method} ${path}: no answer for two minutes`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
