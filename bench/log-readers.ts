/** Two who follow a log: a viewer on NATS, as a page is, and `podman logs --follow`. Both only count. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { decodeFrame } from '#contracts/stream/frame.ts';
import { LogLines } from '#contracts/stream/log-lines.ts';
import { StreamReader } from '#contracts/stream/reader.ts';
import { subjects } from '#contracts/subjects.ts';
import type { Stack } from '#e2e/stack/stack.ts';
import { connectNats } from '#server/nats/connect.ts';
import { formatCreds } from '#server/nats/jwt.ts';
import { mintPerson } from '#server/nats/mint.ts';
import { createNkey } from '#server/nats/nkey.ts';

export interface LogReader {
  lines: number;
  /** Lines that the device says it left out. */
  missed: number;
  firstAtMs: number;
  lastAtMs: number;
  close(): Promise<void>;
}

const SAY_MS = 10;

export async function followOnNats(stack: Stack, deployment: string, service: string): Promise<LogReader> {
  const device = stack.device.name;
  const uid = `bench_${randomBytes(12).toString('hex')}`;
  const sid = randomBytes(12).toString('hex');
  const key = createNkey('user');
  const { jwt, inboxPrefix } = mintPerson(
    stack.nats.keys,
    { kind: 'viewer', uid },
    { publicKey: key.publicKey, ttlMs: 3_600_000 },
  );
  const connection: NatsConnection = await connectNats({
    servers: stack.nats.url,
    creds: formatCreds(jwt, key.seed),
    name: uid,
    inboxPrefix,
  });
  const stream = new StreamReader(performance.now());
  const parser = new LogLines();
  const reader = emptyReader(async () => {
    clearInterval(timer);
    await connection.close();
  });
  const say = () => {
    const control = stream.say(performance.now());
    if (control) connection.publish(subjects.log.ctl(device, uid, sid), JSON.stringify(control));
  };
  connection.subscribe(subjects.log.out(device, uid, sid), {
    callback: (error, message) => {
      const frame = error ? undefined : decodeFrame(message.data);
      for (const output of frame ? stream.receive(frame, performance.now()) : []) {
        if (output.kind !== 'data') continue;
        for (const record of parser.read(output.bytes)) {
          if (record.o === 'gap') reader.missed += record.lines;
          else if (record.o !== 'event') saw(reader, 1);
        }
        stream.consumed(output.offset);
      }
      say();
    },
  });
  const timer = setInterval(say, SAY_MS);
  const request = { sid, sources: [{ deployment, service }], tail: 0 };
  const answer = await connection.request(subjects.rpc(device, 'log', uid), JSON.stringify(request), { timeout: 10_000 });
  const { ok, message } = answer.json<{ ok: boolean; message?: string }>();
  if (!ok) throw new Error(message);
  return reader;
}

export function followByPodman(stack: Stack, containerId: string): LogReader & { pid: number } {
  const child: ChildProcess = spawn('podman', ['logs', '--follow', '--tail', '0', containerId], {
    env: { ...process.env, ...stack.engine.env },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const reader = emptyReader(async () => {
    if (child.exitCode === null) child.kill('SIGKILL');
  });
  child.stdout!.on('data', (bytes: Buffer) => {
    let count = 0;
    for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++;
    saw(reader, count);
  });
  return Object.assign(reader, { pid: child.pid! });
}

const emptyReader = (close: () => Promise<void>): LogReader => ({ lines: 0, missed: 0, firstAtMs: 0, lastAtMs: 0, close });

function saw(reader: LogReader, lines: number): void {
  if (lines === 0) return;
  if (reader.lines === 0) reader.firstAtMs = performance.now();
  reader.lines += lines;
  reader.lastAtMs = performance.now();
}
