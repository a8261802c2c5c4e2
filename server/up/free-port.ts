/** Which ports are free, and who holds one that is not. */
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { SetupError } from './setup-error.ts';

/** All held until all are found, so that none comes twice. */
export async function chooseFreePorts<T extends number[]>(count: T['length']): Promise<T> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports as T;
}

export async function requireFreePort(host: string, port: number, flag: string): Promise<void> {
  const code = await tryListen(host, port);
  if (code === undefined) return;
  if (code === 'EACCES')
    throw new SetupError(
      `This user may not use port ${port}. Nothing was started. Choose one above 1023: ${flag} ${port < 1024 ? port + 7000 : port + 1}`,
    );
  const holder = portHolder(port);
  throw new SetupError(
    `Port ${port} is in use${holder ? ` by ${holder}` : ''}. Nothing was started. Stop that program, or choose another port: ${flag} ${port + 1}`,
  );
}

function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}

/** `nginx (process 4711)`, as far as this user may see; Linux only. */
function portHolder(port: number): string | undefined {
  try {
    const inodes = new Set(['tcp', 'tcp6'].flatMap((table) => listeningInodes(readFileSync(`/proc/net/${table}`, 'utf8'), port)));
    const pid = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .find((candidate) => holdsSocket(candidate, inodes));
    return pid ? `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})` : undefined;
  } catch {
    return undefined;
  }
}

const LISTEN_STATE = '0A';

export function listeningInodes(table: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${wanted}`) && fields[3] === LISTEN_STATE)
    .map((fields) => fields[9]!);
}

function holdsSocket(pid: string, inodes: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => {
      const target = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${descriptor}`));
      return target !== null && inodes.has(target[1]!);
    });
  } catch {
    // Another user's process, or one that has just ended.
    return false;
  }
}
