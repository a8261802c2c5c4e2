import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { LIMIT, WINDOW_BYTES } from '#contracts/stream/session.ts';
import { subjects } from '#contracts/subjects.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { connectNats } from '#server/nats/connect.ts';
import { mintDevice } from '#server/nats/mint.ts';
import { startTestNats, type TestNats } from '#server/nats/test-server.ts';
import { RpcServer } from '../rpc-server.ts';
import { SessionLimits } from '../session-limits.ts';
import { LogSessions } from './log-sessions.ts';
import { LogStore } from './log-store.ts';
import { connectViewer, type LogViewer, type OpenedLog } from './test-log-viewer.ts';

const DEVICE = 'shelf';
const HELLO = { deployment: 'web', service: 'hello' };
const OTHER = { deployment: 'web', service: 'other' };
const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };

let nats: TestNats;
let connection: NatsConnection;
let sam: LogViewer;
let folder: string;
let store: LogStore;
let sessions: LogSessions;
let rpc: RpcServer;

beforeAll(async () => {
  nats = await startTestNats();
  const { creds } = mintDevice(nats.keys, DEVICE);
  connection = await connectNats({ servers: nats.url, creds, name: DEVICE, inboxPrefix: subjects.inbox(DEVICE) });
  sam = await connectViewer(nats);
});
afterAll(async () => {
  await sam?.close();
  await connection?.close();
  await nats?.stop();
});

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorewall-logs-'));
  store = await LogStore.open({ folder, maxBytes: 32 * 1024 * 1024, log });
  await begin();
});
afterEach(async () => {
  end();
  await store.close();
  await rm(folder, { recursive: true });
});

/** Resolves when the server knows where it listens. */
async function begin(silenceMs?: number): Promise<void> {
  sessions = new LogSessions({ device: DEVICE, store, limits: new SessionLimits(), isKnown: () => true, silenceMs, log });
  rpc = new RpcServer(DEVICE, { log: sessions.open }, log);
  sessions.attach(connection);
  rpc.attach(connection);
  await connection.flush();
}

function end(): void {
  sessions.close();
  sessions.detach();
  rpc.detach();
}

async function write(texts: readonly string[], { deployment, service } = HELLO, t = Date.now()): Promise<void> {
  const of = await store.ready(`${deployment}/${service}`);
  for (const [index, x] of texts.entries()) store.append(of, t + index, { o: 'out', x });
}
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
const isDone = (opened: OpenedLog) => eventually('the end', () => opened.closed !== undefined);
const gapsOf = ({ records }: OpenedLog) => records.flatMap((record) => (record.o === 'gap' ? [record] : []));

it('joins history and what comes without a hole or a double, however the lines fall', async () => {
  await write(numbers(1, 2_000));
  let next = 2_001;
  let writing = true;
  const writer = (async () => {
    while (writing) {
      await write(numbers(next, next + 9));
      next += 10;
      await turn();
    }
  })();
  const opened = await Promise.all(Array.from({ length: 6 }, () => sam.open(DEVICE, { sources: [HELLO], tail: 100_000 })));
  await eventually('some live ones', () => next > 12_000);
  writing = false;
  await writer;
  for (const one of opened) {
    await eventually('all lines', () => one.texts().length >= next - 1);
    expect(one.texts()).toEqual(numbers(1, next - 1));
    expect(one.progress.filter(({ phase }) => phase === 'history').length).toBeGreaterThan(0);
    one.leave();
  }
});

it('gives so many lines as asked for, from and until when asked for, and around a line', async () => {
  const at = Date.parse('2026-01-01T00:00:00Z');
  await write(numbers(1, 1_000), HELLO, at);
  await write(numbers(1, 1_000), OTHER, at);
  const ended = async (request: object) => {
    const opened = await sam.open(DEVICE, { follow: false, ...request });
    await isDone(opened);
    expect(opened.closed?.reason).toBe('ended');
    return opened;
  };
  const tail = await ended({ sources: [HELLO], tail: 10 });
  expect(tail.texts()).toEqual(numbers(991, 1_000));
  expect(tail.answer).toMatchObject({ ok: true, window: WINDOW_BYTES, oldest: '2026-01-01T00:00:00.000Z' });
  const span = await ended({
    sources: [HELLO],
    since: new Date(at + 100).toISOString(),
    until: new Date(at + 199).toISOString(),
    follow: true,
  });
  expect(span.texts()).toEqual(numbers(101, 200));
  const merged = await ended({ tail: 10 });
  expect(merged.texts()).toEqual(numbers(996, 1_000).flatMap((text) => [text, text]));
  const linked = tail.records[0]!.n;
  const around = await ended({ sources: [HELLO], around: linked, tail: 10 });
  expect(around.texts()).toEqual(numbers(986, 995));
  const earlier = await ended({ sources: [HELLO], around: linked - 500, tail: 4, follow: true });
  expect(earlier.texts()).toEqual(numbers(489, 492));
});

it('finds what is searched, says how far it is, and ends; colour codes are not in the way', async () => {
  const texts = numbers(1, 30_000).map((text, index) =>
    index % 10_000 === 5_000 ? `\u001b[31mERR\u001b[0mOR in ${text}` : text,
  );
  await write(texts);
  const search = (pattern: string, regex = false, caseSensitive = false, tail = 1_000) =>
    sam.open(DEVICE, { sources: [HELLO], follow: false, tail, search: { pattern, regex, caseSensitive } });
  const plain = await search('error');
  await isDone(plain);
  expect(plain.texts().map((text) => text.slice(-10))).toEqual(
    ['line 5001', 'line 15001', 'line 25001'].map((text) => `in ${text}`.slice(-10)),
  );
  expect(plain.progress.at(-1)).toEqual({ phase: 'done', scannedLines: 30_000, matchedLines: 3 });
  const newest = await search('^line \\d*7$', true, false, 5);
  await isDone(newest);
  expect(newest.texts()).toEqual(['line 29957', 'line 29967', 'line 29977', 'line 29987', 'line 29997']);
  const nothing = await search('error', false, true);
  await isDone(nothing);
  expect(nothing.texts()).toEqual([]);
});

it('follows a search, and gives out only what matches', async () => {
  const opened = await sam.open(DEVICE, { search: { pattern: 'line \\d*5$', regex: true, caseSensitive: false } });
  await eventually('the history', () => opened.progress.some(({ phase }) => phase === 'history'));
  await write(numbers(1, 100));
  await eventually('matches', () => opened.texts().length >= 10);
  expect(opened.texts()).toEqual(numbers(1, 100).filter((text) => text.endsWith('5')));
  opened.leave();
});

it('stops a pattern that would take for ever, in words, and serves the others meanwhile', async () => {
  await write([`${'a'.repeat(5_000)}!`, ...numbers(1, 100)]);
  const bad = await sam.open(DEVICE, { follow: false, search: { pattern: '(a+)+$', regex: true, caseSensitive: false } });
  const good = await sam.open(DEVICE, { follow: false, tail: 5 });
  await isDone(good);
  await isDone(bad);
  expect(bad.closed).toMatchObject({ reason: 'failed', message: expect.stringContaining('takes too long') });
  expect(good.texts()).toEqual(numbers(96, 100));
});

it('goes on after a lost connection where it was, and tells a session it does not know that it is gone', async () => {
  await write(numbers(1, 100));
  const opened = await sam.open(DEVICE, { sources: [HELLO] });
  await eventually('the history', () => opened.texts().length === 100);
  opened.setDeaf(true);
  await write(numbers(101, 1_000));
  await eventually('that it is sent', async () => connection.flush().then(() => true));
  opened.setDeaf(false);
  await eventually('what was missed', () => opened.texts().length >= 1_000);
  expect(opened.texts()).toEqual(numbers(1, 1_000));
  // As after a new start of the agent.
  end();
  await begin();
  opened.setDeaf(true);
  opened.setDeaf(false);
  await eventually('the word', () => opened.closed?.reason === 'gone' || opened.closed?.reason === 'agent-stops');
  opened.leave();
});

it('goes on where it was after the NATS server was killed', async () => {
  await write(numbers(1, 100));
  const opened = await sam.open(DEVICE, { sources: [HELLO] });
  await eventually('the history', () => opened.texts().length === 100);
  await nats.kill();
  await write(numbers(101, 5_000));
  await nats.restart();
  await write(numbers(5_001, 10_000));
  await eventually('the rest', () => opened.texts().length >= 10_000);
  expect(opened.texts()).toEqual(numbers(1, 10_000));
  opened.leave();
});

it('makes a viewer that does not draw miss lines and says how many, while another misses none', async () => {
  const slow = await sam.open(DEVICE, { sources: [HELLO] }, { draws: false });
  const quick = await sam.open(DEVICE, { sources: [HELLO] });
  await eventually('both are live', () => [slow, quick].every(({ progress }) => progress.length > 0));
  const texts = numbers(1, 60_000).map((text) => `${text} ${'x'.repeat(150)}`);
  for (let start = 0; start < texts.length; start += 1_000) {
    await write(texts.slice(start, start + 1_000));
    await eventually('the quick one', () => quick.texts().length >= start + 1_000, { everyMs: 5 });
  }
  expect(quick.texts()).toEqual(texts);
  expect(gapsOf(quick)).toEqual([]);
  expect(slow.texts().length).toBeLessThan((WINDOW_BYTES / 150) * 1.1);
  slow.setDraws(true);
  await eventually('the newest', () => slow.texts().at(-1) === texts.at(-1));
  const gaps = gapsOf(slow);
  expect(gaps.length).toBeGreaterThan(0);
  expect(gaps.every(({ why, d, s }) => why === 'slow-viewer' && d === 'web' && s === 'hello')).toBe(true);
  expect(slow.texts().length + gaps.reduce((sum, { lines }) => sum + lines, 0)).toBe(texts.length);
  expect(new Set(slow.texts()).size).toBe(slow.texts().length);
  slow.leave();
  quick.leave();
});

it('lets a viewer go that is not heard of, and gives its place to another', async () => {
  end();
  await begin(300);
  const opened = await sam.open(DEVICE);
  opened.setDeaf(true);
  await eventually(
    'the place is free again',
    async () => {
      const others = await Promise.all(Array.from({ length: LIMIT.sessionsPerPerson }, () => sam.open(DEVICE, { tail: 0 })));
      const all = others.every(({ answer }) => answer.ok);
      for (const one of others) one.leave();
      return all;
      // Rare enough that those of the look before are let go too, or each look finds places taken by others before it.
    },
    { everyMs: 1_000 },
  );
  opened.setDeaf(false);
  await eventually('its end', () => opened.closed?.reason === 'silent');
  opened.leave();
});

it('gives one person a bounded number of sessions, and refuses the next in words', async () => {
  const all = await Promise.all(Array.from({ length: LIMIT.sessionsPerPerson }, () => sam.open(DEVICE, { tail: 0 })));
  expect(all.every(({ answer }) => answer.ok)).toBe(true);
  const next = await sam.open(DEVICE, { tail: 0 });
  expect(next.answer).toMatchObject({ ok: false, code: 'too-many', message: expect.stringContaining('16') });
  for (const one of [...all, next]) one.leave();
});

it('lets nobody hear or steer the session of another', async () => {
  const kim = await connectViewer(nats, 'kim');
  const sid = randomBytes(12).toString('hex');
  const violations: string[] = [];
  void (async () => {
    for await (const status of kim.connection.status()) if (status.type === 'error') violations.push(status.error.message);
  })();
  kim.connection.subscribe(subjects.log.out(DEVICE, sam.uid, sid), {
    callback: (error) => {
      violations.push(error?.message ?? 'heard');
    },
  });
  kim.connection.publish(subjects.log.ctl(DEVICE, sam.uid, sid), '{"type":"close"}');
  await eventually('both refusals', () => violations.length >= 2);
  expect(violations.every((text) => /permissions violation/i.test(text))).toBe(true);
  await kim.close();
});

it('hands out records that keep to the contract, with controls and broken text in them', async () => {
  const texts = [
    '\u001b]52;c;aGk=\u0007',
    '\u0000\u0001\r\t"\\',
    'ü€𝄞',
    '\ufffd',
    '{"@":{}}',
    'x'.repeat(40_000),
    '\u0001'.repeat(16_384),
  ];
  await write(texts);
  const opened = await sam.open(DEVICE, { follow: false });
  await isDone(opened);
  expect(opened.unreadable()).toBe(0);
  const lines = opened.records.flatMap((record) => (record.o === 'out' ? [record] : []));
  expect(lines.slice(0, 5).map(({ x }) => x)).toEqual(texts.slice(0, 5));
  expect(lines.slice(5).every(({ cut, x }) => cut === true && x.length > 1_000)).toBe(true);
});
