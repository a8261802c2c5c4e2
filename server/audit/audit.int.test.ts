import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, startTestHub, type TestAnchor, type TestHub } from '../test-anchor.ts';
import { joinAs, makeOwner, type TestSession } from '../test-people.ts';

let hub: TestHub;
let anchor: TestAnchor;
let admin: TestSession;

beforeAll(async () => {
  hub = await startTestHub();
  anchor = hub.first;
  await makeOwner(hub);
  admin = await joinAs(anchor, 'ada', 'admin');
});
afterAll(() => hub.stop());

const page = async (query = '') => (await admin.call('GET', `/audit${query}`)).body;

describe('the record', () => {
  it('is one chain, though two anchors write at the same time', async () => {
    const second = await hub.another();
    const names = Array.from({ length: 12 }, (_, index) => `device-${index}`);
    await Promise.all(names.map((name, index) => (index % 2 ? anchor : second).call('POST', '/devices', { json: { name } })));
    const { lines, intact } = await page('?action=device.add');
    expect(intact).toBe(true);
    expect(lines.map((one: { target: string }) => one.target).sort()).toEqual([...names].sort());
  });

  it('tells who, from where, what, and with what result; refusals as well', async () => {
    const sam = await joinAs(anchor, 'sam', 'viewer');
    const headers = { 'x-forwarded-for': '203.0.113.9' };
    expect((await sam.call('DELETE', '/devices/device-1', { headers })).status).toBe(403);
    await admin.call('DELETE', '/devices/device-1', { headers });
    expect((await page('?user=sam&result=refused')).lines[0]).toMatchObject({
      user: 'sam',
      via: 'session',
      from: '203.0.113.9',
      action: 'refused',
      target: 'DELETE /devices/:name',
      result: 'forbidden',
    });
    expect((await page('?target=device-1&action=device.remove')).lines).toEqual([
      expect.objectContaining({ user: 'ada', from: '203.0.113.9', result: 'ok' }),
    ]);
  });

  it('finds who signed in by their name', async () => {
    await anchor.raw('POST', '/login', { json: { user: 'ada', password: 'not the password' } });
    expect((await page('?user=ada&action=login')).lines[0]).toMatchObject({ target: 'ada', result: 'unauthenticated' });
  });

  it('tells what devices say of their terminals, each once', async () => {
    const said = (kind: string, by?: string) => {
      const event = { device: 'device-2', at: new Date().toISOString(), kind, message: 'Said.', ...(by ? { by } : {}) };
      hub.admin.publish('event.device-2', JSON.stringify(event));
    };
    const told = async () => (await page('?action=terminal&target=device-2')).lines.map((one: { action: string }) => one.action);
    // Again and again until somebody listens, but not so often that what follows is too much for a minute.
    let lastSaid = Number.NEGATIVE_INFINITY;
    await eventually(async () => {
      if ((await told()).length > 0) return true;
      if (performance.now() - lastSaid > 2_000) {
        said('terminal-opened', 'ada');
        lastSaid = performance.now();
      }
      return false;
    }, 'the first line');
    said('terminal-control', 'ada');
    said('terminal-ended');
    said('started');
    await eventually(async () => (await told())[0] === 'terminal.end', 'the last line');
    expect((await told()).slice(0, 2)).toEqual(['terminal.end', 'terminal.control']);
    expect((await page('?action=terminal.control')).lines[0]).toMatchObject({ user: 'ada', via: 'device', target: 'device-2' });
  });

  it('tells who drove a desktop', async () => {
    const said = (kind: string) => {
      const where = { deployment: 'office', service: 'desk', by: 'ada' };
      hub.admin.publish(
        'event.device-2',
        JSON.stringify({ device: 'device-2', at: new Date().toISOString(), kind, message: 'Said.', ...where }),
      );
    };
    said('screen-control');
    said('screen-ended');
    const told = await eventually(async () => {
      const { lines } = await page('?action=screen&target=device-2');
      return lines.length >= 2 && lines.slice(0, 2);
    }, 'two lines');
    expect(told.map(({ action }: { action: string }) => action)).toEqual(['screen.end', 'screen.control']);
    expect(told[1]).toMatchObject({ user: 'ada', via: 'device', target: 'device-2/office/desk' });
  });

  it('is read page by page, and by time', async () => {
    const all = await page('?limit=200');
    const first = await page('?limit=5');
    const next = await page(`?limit=5&before=${first.before}`);
    expect([...first.lines, ...next.lines]).toEqual(all.lines.slice(0, 10));
    const middle = all.lines[6];
    const since = await page(`?since=${encodeURIComponent(middle.at)}&limit=200`);
    expect(since.lines.every((one: { at: string }) => one.at >= middle.at)).toBe(true);
    expect((await page(`?until=${encodeURIComponent('2020-01-01T00:00:00Z')}`)).lines).toEqual([]);
  });

  it('is exported as lines of JSON and as CSV, for those who manage', async () => {
    const json = await admin.call('GET', '/audit/export?format=jsonl&action=device.add');
    const lines = json.text.trim().split('\n');
    expect(lines).toHaveLength(12);
    expect(JSON.parse(lines[0]!)).toMatchObject({ action: 'device.add', prev: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const whole = (await admin.call('GET', '/audit/export')).text.trim().split('\n');
    // Anybody who has the file can check it: each line carries the digest of the one before, without its number.
    for (const [index, text] of whole.entries()) {
      const before = whole[index - 1]?.replace(/^\{"seq":\d+,/, '{');
      expect(JSON.parse(text).prev).toBe(before && createHash('sha256').update(before).digest('hex'));
    }
    const csv = await admin.call('GET', '/audit/export?format=csv');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.text.split('\r\n')[0]).toBe('seq,at,user,via,from,action,target,result,prev');
    const sam = await joinAs(anchor, 'kim', 'operator');
    for (const path of ['/audit', '/audit/export']) expect((await sam.call('GET', path)).status).toBe(403);
  });

  it('S77 shows that a line was edited or deleted past the hub', async () => {
    const { manager, js } = anchor.anchor.hub.store;
    await expect(manager.streams.deleteMessage('AUDIT', 2)).rejects.toThrow();
    await expect(manager.streams.purge('AUDIT')).rejects.toThrow();
    expect((await page()).intact).toBe(true);
    // Somebody with the fleet account's own key replaces the stream by a copy in which one line says something else.
    const { config, state } = await manager.streams.info('AUDIT');
    const kept: { subject: string; text: string }[] = [];
    for (let seq = 1; seq <= state.last_seq; seq++) {
      const message = await manager.streams.getMessage('AUDIT', { seq });
      if (message) kept.push({ subject: message.subject, text: message.string() });
    }
    const asAdmin = await jetstreamManager(hub.admin);
    const rewrite = async (lines: typeof kept) => {
      await asAdmin.streams.delete('AUDIT');
      await asAdmin.streams.add({ ...config, name: 'AUDIT' });
      for (const { subject, text } of lines) await js.publish(subject, text);
    };
    await rewrite(
      kept.map((one, index) => (index === 3 ? { ...one, text: one.text.replace(/"user":"\w+"/, '"user":"eve"') } : one)),
    );
    expect((await page('?limit=200')).intact).toBe(false);
    await rewrite(kept.filter((_, index) => index !== 3));
    expect((await page('?limit=200')).intact).toBe(false);
    await rewrite(kept.slice(0, -2));
    expect((await page('?limit=200')).intact).toBe(false);
    await rewrite(kept);
    expect((await page('?limit=200')).intact).toBe(true);
  });
});

describe('S77 the record while no anchor runs', () => {
  it('is not intact any more where its end was cut off, or written anew with digests that fit', {
    timeout: 120_000,
  }, async () => {
    const own = await startTestHub({ env: { SCOREWALL_IDENTITY_CHECKPOINT_SECONDS: '0.2' } });
    try {
      for (const name of ['alice', 'aria', 'octavia']) await own.first.call('POST', '/devices', { json: { name } });
      const js = jetstream(own.admin);
      const manager = await jetstreamManager(own.admin);
      const { config, state } = await manager.streams.info('AUDIT');
      const lines: { subject: string; text: string }[] = [];
      for (let seq = 1; seq <= state.last_seq; seq++) {
        const message = await manager.streams.getMessage('AUDIT', { seq });
        if (message) lines.push({ subject: message.subject, text: message.string() });
      }
      const file = join(own.nats.home, 'checkpoint.json');
      await eventually(async () => {
        const { body } = JSON.parse(await readFile(file, 'utf8')) as { body: string };
        return JSON.parse(body).audit.seq >= lines.length;
      }, 'the end is signed');
      await own.first.stop();
      const looked = async (forged: typeof lines) => {
        await manager.streams.delete('AUDIT');
        await manager.streams.add({ ...config, name: 'AUDIT' });
        for (const { subject, text } of forged) await js.publish(subject, text);
        const another = await own.another();
        try {
          const { text, body } = await another.call('GET', '/audit');
          expect(text).toContain('intact');
          return body.intact as boolean;
        } finally {
          await another.stop();
        }
      };
      const other = (text: string) => text.replace('octavia', 'mallory');
      const forged = lines.map((line, at) => (at === lines.length - 1 ? { ...line, text: other(line.text) } : line));
      expect(await looked(lines.slice(0, -1))).toBe(false);
      expect(await looked(forged)).toBe(false);
      expect(await looked([...forged, { subject: 'audit.x', text: after(forged) }])).toBe(false);
      expect(await looked(lines)).toBe(true);
    } finally {
      await own.stop();
    }
  });
});

/** A line that follows well. */
function after(lines: { text: string }[]): string {
  const prev = createHash('sha256').update(lines.at(-1)!.text).digest('hex');
  const at = new Date().toISOString();
  return JSON.stringify({ at, user: 'sam', via: 'session', action: 'x', target: 'x', result: 'ok', prev });
}
