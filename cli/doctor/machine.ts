/** Looks at this machine: Node, the container engine, disk, memory, clock. */
import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { freemem } from 'node:os';
import path from 'node:path';
import type { RunFile } from '#contracts/run-file.ts';
import { formatBytes } from '../output/duration.ts';
import { type Finding, ok, trouble, warning } from './finding.ts';

const DISK_LOW_BYTES = 2 * 1024 ** 3;
const MEMORY_LOW_BYTES = 256 * 1024 ** 2;
/** Where `up` listens unless it is told otherwise. */
const UP_PORTS = { '--port': 7400, '--nats-port': 4222 };
const CLOCK_EARLIEST_MS = Date.UTC(2026, 0, 1);

export async function examineMachine(folder: string, runFile: RunFile | undefined): Promise<Finding[]> {
  return [
    examineNode(process.versions.node),
    ...(await examineEngines(runFile)),
    // A hub that runs holds its ports itself.
    ...(runFile ? [] : await Promise.all(Object.entries(UP_PORTS).map(([flag, port]) => examinePort(port, flag)))),
    examineDisk(folder),
    examineMemory(),
    examineClock(Date.now()),
  ];
}

export function examineNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = major > 20 || (major === 20 && minor >= 9);
  return fits ? ok('Node', version) : trouble('Node', `${version} is too old`, 'Install Node 24; 20.9 is the oldest that works.');
}

async function examineEngines(runFile: RunFile | undefined): Promise<Finding[]> {
  const sockets = [...new Set((runFile?.devices ?? []).map((one) => one.engineSocket))];
  if (sockets.length === 0) {
    const podman = (process.env.PATH ?? '').split(path.delimiter).some((one) => isExecutable(path.join(one, 'podman')));
    if (podman) return [ok('Engine', 'podman is installed; no local device uses it now')];
    return [
      warning(
        'Engine',
        'podman is not installed',
        'Local devices need it: sudo apt-get install podman. A hub without local devices does not.',
      ),
    ];
  }
  return Promise.all(
    sockets.map(async (socket) =>
      (await ping(socket))
        ? ok('Engine', `answers at ${socket}`)
        : trouble(
            'Engine',
            `does not answer at ${socket}`,
            'Local devices cannot start anything. Start the hub again: npx scorewall up.',
          ),
    ),
  );
}

function ping(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const outgoing = request({ socketPath, path: '/_ping', timeout: 3000 }, (reply) => {
      reply.resume();
      resolve(reply.statusCode === 200);
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => resolve(false));
    outgoing.end();
  });
}

export async function examinePort(port: number, flag: string): Promise<Finding> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer();
    server.on('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
  if (free) return ok(`Port ${port}`, 'free');
  return warning(`Port ${port}`, 'in use by another program', `A hub needs another one: npx scorewall up ${flag} ${port + 1}`);
}

function examineDisk(folder: string): Finding {
  const { bavail, bsize } = statfsSync(existsSync(folder) ? folder : '.');
  const free = bavail * bsize;
  const fact = `${formatBytes(free)} free`;
  return free > DISK_LOW_BYTES
    ? ok('Disk', fact)
    : trouble(
        'Disk',
        `only ${fact}`,
        'Images and the state need room. Remove what is not used, for example: podman image prune.',
      );
}

function examineMemory(): Finding {
  const free = freemem();
  return free > MEMORY_LOW_BYTES
    ? ok('Memory', `${formatBytes(free)} free`)
    : warning(
        'Memory',
        `only ${formatBytes(free)} free`,
        'Services may be ended by the kernel. Stop something, or give some of them a limit.',
      );
}

export function examineClock(nowMs: number): Finding {
  if (nowMs < CLOCK_EARLIEST_MS)
    return trouble(
      'Clock',
      `says ${new Date(nowMs).toISOString()}, which is in the past`,
      'Keys and certificates are refused. Set the clock, for example: sudo timedatectl set-ntp true.',
    );
  return ok('Clock', new Date(nowMs).toISOString());
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
