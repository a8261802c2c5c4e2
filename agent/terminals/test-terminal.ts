/** People at the terminals of a device in integration tests: real credentials, the contract's reader, a headless terminal as their page. */

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { connect, jwtAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import type { Terminal } from '@xterm/headless';
import { expect, vi } from 'vitest';
import { decodeFrame, encodeOffset } from '#contracts/stream/frame.ts';
import { type AttachAnswer, type ExecRequest, type TerminalRequest, TerminalState } from '#contracts/stream/terminal.ts';
import { TerminalReader } from '#contracts/stream/terminal-reader.ts';
import { subjects } from '#contracts/subjects.ts';
import { mintDevice, mintPerson } from '#server/nats/mint.ts';
import { createNkey } from '#server/nats/nkey.ts';
import { startTestNats, type TestNats } from '#server/nats/test-server.ts';
import { createTestAgent, type TestAgent } from '../test-agent.ts';
import { readHostRecord } from './host-place.ts';
import { createTerminal } from './pty-host/xterm.ts';

export const WAITING = { timeout: 60_000, interval: 30 };

/** Enough to look at, and to print where a test fails. */
const SEEN_LENGTH = 20_000;

type Answer = Record<string, unknown> & { ok: boolean; code?: string; message?: string };

/** One page or command line of somebody. */
export class TestPerson {
  readonly uid: string;
  readonly connection: NatsConnection;
  readonly refused: string[] = [];

  static async join(nats: TestNats, name: string, kind: 'viewer' | 'operator' | 'recorder' = 'operator'): Promise<TestPerson> {
    const uid = `${name}_${randomBytes(12).toString('hex')}`;
    const user = createNkey('user');
    const { jwt, inboxPrefix } = mintPerson(nats.keys, { kind, uid }, { publicKey: user.publicKey, ttlMs: 3_600_000 });
    const connection = await connect({
      servers: nats.url,
      authenticator: jwtAuthenticator(jwt, new TextEncoder().encode(user.seed)),
      inboxPrefix,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
      // A busy machine may be too slow for the server's patience with who connects: the second time would end it for ever.
      ignoreAuthErrorAbort: true,
      noAsyncTraces: true,
    });
    return new TestPerson(uid, connection);
  }

  private constructor(uid: string, connection: NatsConnection) {
    this.uid = uid;
    this.connection = connection;
    void (async () => {
      for await (const status of connection.status()) if (status.type === 'error') this.refused.push(String(status.error));
    })();
  }

  async ask(subject: string, body: unknown): Promise<Answer> {
    const reply = await this.connection.request(subject, JSON.stringify(body), { timeout: 30_000 });
    return reply.json<Answer>();
  }

  execute = (device: string, request: ExecRequest) => this.ask(subjects.rpc(device, 'exec', this.uid), request);
  list = async (device: string) =>
    TerminalState.array().parse((await this.ask(subjects.rpc(device, 'term', this.uid), { op: 'list' })).sessions);

  /** Again until the device is there. */
  async open(
    device: string,
    target: Extract<ExecRequest, { op: 'open' }>['target'],
    size = { cols: 80, rows: 24 },
  ): Promise<string> {
    return vi.waitFor(async () => {
      const answer = await this.execute(device, { op: 'open', target, ...size });
      if (!answer.ok) throw new Error(answer.message);
      return answer.sid as string;
    }, WAITING);
  }

  close = () => this.connection.close();
}

/** What one person sees of one session. */
export class TestView {
  readonly person: TestPerson;
  readonly device: string;
  readonly sid: string;
  terminal: Terminal = createTerminal(80, 24);
  state: TerminalState | undefined;
  closed = false;
  /** Every byte in its order; a picture in the place of bytes that are no longer kept is counted. */
  text = '';
  resets = 0;
  /** False: it reads nothing and says nothing, like a page that hangs. */
  reading = true;
  #reader = new TerminalReader();
  #attaching = false;
  #timer: NodeJS.Timeout;
  #saidAtMs = 0;
  #said = 0;

  static async of(person: TestPerson, device: string, sid: string): Promise<TestView> {
    const view = new TestView(person, device, sid);
    person.connection.subscribe(subjects.term.out(device, sid), {
      callback: (_error, message) => {
        const frame = message && view.reading ? decodeFrame(message.data) : undefined;
        if (frame) view.#take(view.#reader.receive(frame));
      },
    });
    await person.connection.flush();
    await vi.waitFor(() => expect(view.state).toBeDefined(), WAITING);
    return view;
  }

  private constructor(person: TestPerson, device: string, sid: string) {
    this.person = person;
    this.device = device;
    this.sid = sid;
    this.#timer = setInterval(() => void this.#tend(), 20);
    void (async () => {
      for await (const { type } of person.connection.status()) if (type === 'reconnect') this.#reader.lost();
    })();
  }

  get offset(): number | undefined {
    return this.#reader.position;
  }

  ask = (request: TerminalRequest) => this.person.ask(subjects.term.rpc(this.device, this.sid, this.person.uid), request);
  control = (action: 'take' | 'give' | 'keep' | 'release') =>
    this.person.execute(this.device, { op: 'control', sid: this.sid, action });
  type = (text: string) =>
    this.person.connection.publish(subjects.term.in(this.device, this.sid, this.person.uid), new TextEncoder().encode(text));

  sees = (pattern: RegExp | string) => vi.waitFor(() => expect(this.text.slice(-SEEN_LENGTH)).toMatch(pattern), WAITING);

  leave(): void {
    clearInterval(this.#timer);
  }

  async #tend(): Promise<void> {
    if (!this.reading || this.person.connection.isClosed()) return;
    const request = this.#reader.request;
    if (request && !this.#attaching) {
      this.#attaching = true;
      await this.#attach(request).catch(() => undefined);
      this.#attaching = false;
    }
    const position = this.#reader.position;
    if (position === undefined) return;
    const now = Date.now();
    if (position === this.#said && now - this.#saidAtMs < 1_000) return;
    this.#said = position;
    this.#saidAtMs = now;
    this.person.connection.publish(subjects.term.ack(this.device, this.sid, this.person.uid), encodeOffset(position));
  }

  async #attach(request: TerminalRequest): Promise<void> {
    const answer = (await this.ask(request)) as unknown as AttachAnswer;
    if (!answer.ok) throw new Error(answer.message);
    this.#reader.answered(answer.off);
    const chunks = [Buffer.from(answer.data, 'base64')];
    for (let index = 1; index < answer.parts; index++) {
      const part = await this.ask({ op: 'part', snapshotId: answer.snapshotId!, index });
      if (!part.ok) throw new Error(part.message);
      chunks.push(Buffer.from(part.data as string, 'base64'));
    }
    const { state, off, resumed } = answer;
    this.#take(this.#reader.attached({ state, off, resumed, data: Buffer.concat(chunks) }));
  }

  #take(outputs: ReturnType<TerminalReader['receive']>): void {
    for (const output of outputs) {
      if (output.kind === 'reset') {
        this.resets++;
        this.terminal = createTerminal(output.state.cols, output.state.rows);
        this.state = output.state;
      } else if (output.kind === 'state') {
        this.state = output.state;
        const { cols, rows } = output.state;
        const { terminal } = this;
        terminal.write('', () => terminal.resize(cols, rows));
      } else if (output.kind === 'data') {
        this.text += Buffer.from(output.bytes).toString('latin1');
        this.terminal.write(output.bytes);
      } else this.closed = true;
    }
  }
}

export interface TerminalLab {
  device: string;
  nats: TestNats;
  agent: TestAgent;
  join(name: string, kind?: 'viewer' | 'operator' | 'recorder'): Promise<TestPerson>;
  look(person: TestPerson, sid: string): Promise<TestView>;
  openShell(name: string): Promise<{ view: TestView; sid: string }>;
  hostPid(): number;
  stop(): Promise<void>;
}

/** A device that reports to nobody: terminals need neither buckets nor an engine. */
export async function startTerminalLab(name: string, engineSocket = '/nowhere/podman.sock'): Promise<TerminalLab> {
  const device = `${name}-${process.pid}`;
  const nats = await startTestNats();
  const agent = await createTestAgent({
    device,
    natsUrl: nats.url,
    credentials: { creds: mintDevice(nats.keys, device).creds },
    hostIp: '127.0.2.9',
    engineSocket,
  });
  agent.start();
  const people: TestPerson[] = [];
  const views: TestView[] = [];
  const lab: TerminalLab = {
    device,
    nats,
    agent,
    join: async (person, kind) => {
      const joined = await TestPerson.join(nats, person, kind);
      people.push(joined);
      return joined;
    },
    look: async (person, sid) => {
      const view = await TestView.of(person, device, sid);
      views.push(view);
      return view;
    },
    openShell: async (person) => {
      const joined = await lab.join(person);
      const sid = await joined.open(device, { kind: 'host' });
      const view = await lab.look(joined, sid);
      return { view, sid };
    },
    hostPid: () => readHostRecord(join(agent.folder, 'state'))!.pid,
    stop: async () => {
      for (const view of views) view.leave();
      for (const person of people) await person.close();
      await agent.remove();
      await nats.stop();
    },
  };
  return lab;
}
