/** Two terminals as a browser would reach them, from Node: Scorewall's through the web front and NATS, and ttyd's websocket. */
import { randomBytes } from 'node:crypto';
import { jwtAuthenticator, type NatsConnection, wsconnect } from '@nats-io/nats-core';
import { createUser } from '@nats-io/nkeys';
import { WebSocket } from 'ws';
import { NatsCredentials } from '#contracts/api.ts';
import { decodeFrame, encodeOffset } from '#contracts/stream/frame.ts';
import { AttachAnswer, ExecAnswer } from '#contracts/stream/terminal.ts';
import { AckClock, TerminalReader } from '#contracts/stream/terminal-reader.ts';
import { subjects } from '#contracts/subjects.ts';

export interface TerminalClient {
  write(text: string): void;
  onData(listener: (bytes: Uint8Array) => void): void;
  close(): Promise<void>;
}

export interface ScorewallTarget {
  url: string;
  cookie: { name: string; value: string };
  device: string;
}

const ACK_CHECK_MS = 20;

export async function openScorewall({ url, cookie, device }: ScorewallTarget): Promise<TerminalClient> {
  const key = createUser();
  const cookieHeader = `${cookie.name}=${cookie.value}`;
  const response = await fetch(`${url}/api/v1/nats-credentials`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: cookieHeader, origin: url, 'sec-fetch-site': 'same-origin' },
    body: JSON.stringify({ publicKey: key.getPublicKey(), tab: randomBytes(8).toString('hex') }),
  });
  if (!response.ok) throw new Error(`No credentials: ${response.status} ${await response.text()}`);
  const { jwt, uid, inboxPrefix } = NatsCredentials.parse(await response.json());
  const connection: NatsConnection = await wsconnect({
    servers: `${url.replace('http', 'ws')}/nats`,
    authenticator: jwtAuthenticator(jwt, key.getSeed()),
    inboxPrefix,
    reconnect: false,
    ignoreClusterUpdates: true,
    wsFactory: async (address: string) => ({
      socket: new WebSocket(address, { headers: { cookie: cookieHeader, origin: url } }) as unknown as globalThis.WebSocket,
      encrypted: false,
    }),
  });
  const ask = async (subject: string, body: object) =>
    (await connection.request(subject, JSON.stringify(body), { timeout: 10_000 })).json();
  const opened = ExecAnswer.parse(
    await ask(subjects.rpc(device, 'exec', uid), { op: 'open', target: { kind: 'host' }, cols: 80, rows: 24 }),
  );
  if (!opened.ok) throw new Error(opened.message);
  const { sid } = opened;
  const reader = new TerminalReader();
  const acks = new AckClock(0, performance.now());
  let listener: (bytes: Uint8Array) => void = () => undefined;
  const take = (outputs: ReturnType<TerminalReader['receive']>) => {
    for (const output of outputs) {
      if (output.kind !== 'data') continue;
      listener(output.bytes);
      acks.drew(output.offset);
    }
    acknowledge();
  };
  const acknowledge = () => {
    const offset = acks.due(performance.now());
    if (offset !== undefined) connection.publish(subjects.term.ack(device, sid, uid), encodeOffset(offset));
  };
  connection.subscribe(subjects.term.out(device, sid), {
    callback: (error, message) => {
      const frame = error ? undefined : decodeFrame(message.data);
      if (frame) take(reader.receive(frame));
    },
  });
  const attached = AttachAnswer.parse(await ask(subjects.term.rpc(device, sid, uid), { op: 'attach' }));
  if (!attached.ok) throw new Error(attached.message);
  take(reader.attached({ ...attached, data: Buffer.from(attached.data, 'base64') }));
  const control = ExecAnswer.parse(await ask(subjects.rpc(device, 'exec', uid), { op: 'control', sid, action: 'take' }));
  if (!control.ok) throw new Error(control.message);
  const acking = setInterval(acknowledge, ACK_CHECK_MS);
  return {
    write: (text) => connection.publish(subjects.term.in(device, sid, uid), text),
    onData: (next) => {
      listener = next;
    },
    close: async () => {
      clearInterval(acking);
      await ask(subjects.rpc(device, 'exec', uid), { op: 'end', sid }).catch(() => undefined);
      await connection.close();
    },
  };
}

export async function openTtyd(port: number): Promise<TerminalClient> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws`, ['tty'], { perMessageDeflate: false });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  let listener: (bytes: Uint8Array) => void = () => undefined;
  // The first byte tells output (0) from titles and preferences.
  socket.on('message', (data: Buffer) => {
    if (data[0] === 0x30) listener(data.subarray(1));
  });
  socket.send(Buffer.from(JSON.stringify({ AuthToken: '', columns: 80, rows: 24 })));
  return {
    write: (text) => socket.send(Buffer.from(`0${text}`)),
    onData: (next) => {
      listener = next;
    },
    close: async () => socket.close(),
  };
}
