/** Somebody who looks at a log, in tests: a connection with a viewer's rights, and what a page does with what comes. */
import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/transport-node';
import { decodeFrame } from '#contracts/stream/frame.ts';
import { LogAnswer, type LogRecord, type LogRequest } from '#contracts/stream/log.ts';
import { LogLines } from '#contracts/stream/log-lines.ts';
import { StreamReader } from '#contracts/stream/reader.ts';
import type { StreamClosed, StreamProgress } from '#contracts/stream/session.ts';
import { subjects } from '#contracts/subjects.ts';
import type { TestNats } from '#server/nats/test-server.ts';
import { connectTestPerson } from '../../test-person.ts';

export interface LogViewer {
  uid: string;
  connection: NatsConnection;
  /** Opens a log. `drawn` false: it takes what comes and says nothing of it. */
  open(device: string, request?: Partial<LogRequest>, options?: { draws?: boolean }): Promise<OpenedLog>;
  close(): Promise<void>;
}

export interface OpenedLog {
  answer: LogAnswer;
  records: LogRecord[];
  progress: StreamProgress[];
  closed: StreamClosed | undefined;
  unreadable(): number;
  /** Begins or stops to draw. */
  setDraws(draws: boolean): void;
  /** What the connection was lost for: nothing is heard and nothing said until it is given back. */
  setDeaf(deaf: boolean): void;
  /** Texts of the lines, without events and gaps. */
  texts(): string[];
  leave(): void;
}

const TICK_MS = 20;

export async function connectViewer(nats: TestNats, name = 'sam'): Promise<LogViewer> {
  const { uid, connection } = await connectTestPerson(nats, name, 'viewer');
  const opened = new Set<() => void>();
  return {
    uid,
    connection,
    async open(device, request = {}, { draws = true } = {}) {
      const log = await openLog(connection, uid, device, request, draws);
      opened.add(log.leave);
      return log;
    },
    async close() {
      for (const leave of opened) leave();
      await connection.close();
    },
  };
}

async function openLog(
  connection: NatsConnection,
  uid: string,
  device: string,
  request: Partial<LogRequest>,
  draws: boolean,
): Promise<OpenedLog> {
  const sid = request.sid ?? randomBytes(12).toString('hex');
  const reader = new StreamReader(Date.now());
  const lines = new LogLines();
  let drawing = draws;
  let deaf = false;
  const log: OpenedLog = {
    answer: { ok: false, code: 'internal', message: '' },
    records: [],
    progress: [],
    closed: undefined,
    unreadable: () => lines.unreadable,
    setDraws: (value) => {
      drawing = value;
    },
    setDeaf: (value) => {
      if (deaf && !value) reader.lost(Date.now());
      deaf = value;
    },
    texts: () => log.records.flatMap((record) => (record.o === 'out' || record.o === 'err' ? [record.x] : [])),
    leave: () => {
      clearInterval(timer);
      subscription.unsubscribe();
    },
  };
  const say = (control: object) => connection.publish(subjects.log.ctl(device, uid, sid), JSON.stringify(control));
  const subscription = connection.subscribe(subjects.log.out(device, uid, sid), {
    callback: (error, message) => {
      const frame = error || deaf ? undefined : decodeFrame(message.data);
      for (const output of frame ? reader.receive(frame, Date.now()) : []) {
        if (output.kind === 'data') for (const record of lines.read(output.bytes)) log.records.push(record);
        else if (output.kind === 'progress') log.progress.push(output.progress);
        else if (output.kind === 'closed') log.closed = output.closed;
      }
      if (drawing) reader.consumed(reader.position);
    },
  });
  const timer = setInterval(() => {
    if (drawing) reader.consumed(reader.position);
    const control = deaf ? undefined : reader.say(Date.now());
    if (control) say(control);
  }, TICK_MS);
  const reply = await connection.request(subjects.rpc(device, 'log', uid), JSON.stringify({ sid, ...request }), {
    timeout: 30_000,
  });
  log.answer = LogAnswer.parse(reply.json());
  return log;
}
