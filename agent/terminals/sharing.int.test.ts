import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join as path } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { readTerminalState } from '#contracts/stream/terminal-reader.ts';
import { subjects } from '#contracts/subjects.ts';
import { killProcess } from '#e2e/stack/kill-process.ts';
import { describeTerminal, writeAll } from './pty-host/test-compare.ts';
import { startTerminalLab, type TerminalLab, WAITING } from './test-terminal.ts';

let lab: TerminalLab;
beforeAll(async () => {
  lab = await startTerminalLab('share');
});
afterAll(() => lab?.stop());

/** Numbers to a bound, each once and in order, whatever lies between them. */
const numbersIn = (text: string) => [...text.matchAll(/<(\d+)>/g)].map(([, number]) => Number(number));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const count = (to: number, pause: string) => `for ((i=1;i<=${to};i++)); do echo "<$i>"; sleep ${pause}; done; echo d""one\r`;

describe('one shell for several people', () => {
  it('S70 takes bytes of who types, and of nobody else', async () => {
    const { view: sam, sid } = await lab.openShell('sam');
    const kim = await lab.join('kim');
    const watcher = await lab.look(kim, sid);
    watcher.type('echo from-k""im\r');
    await sam.control('take');
    sam.type('echo from-s""am\r');
    await sam.sees('from-sam');
    await watcher.sees('from-sam');
    expect(sam.text).not.toContain('from-kim');
    expect(await watcher.ask({ op: 'resize', cols: 40, rows: 10 })).toMatchObject({ ok: false, code: 'not-allowed' });

    await watcher.control('take');
    await vi.waitFor(() => expect(sam.state).toMatchObject({ asking: { name: 'kim' }, writer: { name: 'sam' } }), WAITING);
    await sam.control('keep');
    await vi.waitFor(() => expect(sam.state?.asking).toBeUndefined(), WAITING);
    await watcher.control('take');
    // Silence gives it away.
    await vi.waitFor(() => expect(sam.state).toMatchObject({ writer: { name: 'kim' } }), WAITING);
    watcher.type('echo now-k""im\r');
    await sam.sees('now-kim');
    expect(await watcher.ask({ op: 'resize', cols: 60, rows: 15 })).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(sam.state).toMatchObject({ cols: 60, rows: 15 }), WAITING);
    watcher.type('stty size\r');
    await sam.sees('15 60');
    expect(await watcher.ask({ op: 'text', lines: 5 })).toMatchObject({ ok: true, text: expect.stringContaining('15 60') });
    await watcher.control('release');
    await vi.waitFor(() => expect(sam.state?.writer).toBeUndefined(), WAITING);
  });

  it('tells who looks at the device, and not at this shell, of each who types in it and of its end', async () => {
    const { view: sam, sid } = await lab.openShell('sam');
    const kim = await lab.join('kim', 'viewer');
    const heard: (string | undefined)[] = [];
    kim.connection.subscribe(subjects.term.news(lab.device), {
      callback: (_error, message) => {
        const state = readTerminalState(message.data);
        if (state?.sid === sid) heard.push(state.ended ? 'ended' : state.writer?.name);
      },
    });
    await kim.connection.flush();
    await sam.control('take');
    await vi.waitFor(() => expect(heard).toEqual(['sam']), WAITING);
    await sam.control('release');
    await vi.waitFor(() => expect(heard).toEqual(['sam', undefined]), WAITING);
    await sam.person.execute(lab.device, { op: 'end', sid });
    await vi.waitFor(() => expect(heard).toEqual(['sam', undefined, 'ended']), WAITING);
  });

  it('S70 lets a viewer watch and list, and refuses every way of typing', async () => {
    const { view: sam, sid } = await lab.openShell('sam');
    const vera = await lab.join('vera', 'viewer');
    const view = await lab.look(vera, sid);
    expect((await vera.list(lab.device)).map((one) => one.sid)).toContain(sid);
    view.type('echo from-v""era\r');
    await vi.waitFor(() => expect(vera.refused.join()).toContain(`.in.${vera.uid}`), WAITING);
    vera.connection.publish(subjects.term.in(lab.device, sid, sam.person.uid), 'echo as-s""am\r');
    await expect(view.control('take')).rejects.toThrow();
    await sam.control('take');
    sam.type('echo th""e-end\r');
    await view.sees('the-end');
    expect(sam.text).not.toMatch(/from-vera|as-sam/);
  });

  it('shows twenty viewers every byte, and one that hangs costs the others nothing', async () => {
    const { view: sam, sid } = await lab.openShell('sam');
    const people = await Promise.all(upTo(19).map((number) => lab.join(`viewer-${number}`, 'viewer')));
    const watching = await Promise.all(people.map((person) => lab.look(person, sid)));
    const [hung, ...others] = watching;
    await sam.control('take');
    hung!.reading = false;
    // 2 MB: far more than any window or what is kept.
    sam.type('seq -f "<%g>" 1 200000; echo d""one\r');
    // With the prompt behind it, which may come a moment later.
    for (const view of [sam, ...others]) await view.sees(/done\r\n[\s\S]*[$#] $/);
    expect(others.map((view) => view.resets)).toEqual(others.map(() => 1));
    for (const view of others) expect(view.text.length).toBeGreaterThanOrEqual(numbersIn(sam.text).length);
    expect(numbersIn(sam.text).slice(-200_000)).toEqual(upTo(200_000));
    for (const view of others) expect(view.offset).toBe(sam.offset);
    hung!.reading = true;
    await vi.waitFor(() => expect(hung!.offset).toBe(sam.offset), WAITING);
    await Promise.all([writeAll(hung!.terminal, ''), writeAll(sam.terminal, '')]);
    expect(describeTerminal(hung!.terminal).normal.rows.slice(-24)).toEqual(
      describeTerminal(sam.terminal).normal.rows.slice(-24),
    );
  });

  it('stops a flood at Ctrl-C before much more of it comes', async () => {
    const { view } = await lab.openShell('sam');
    await view.control('take');
    view.type('yes "$(printf %0200d 7)" | head -c 100000000\r');
    await vi.waitFor(() => expect(view.offset).toBeGreaterThan(3_000_000), WAITING);
    const atKey = view.offset!;
    view.type('\x03');
    // The key also throws away what is typed before the prompt is back.
    await view.sees(/\^C[\s\S]*[$#] $/);
    view.type('echo th""ere\r');
    await view.sees(/there\r\n/);
    // The window and what the kernel holds; the whole flood would be a hundred million.
    expect(view.offset! - atKey).toBeLessThan(4_000_000);
  });
});

describe('what outlives what', () => {
  it('goes on over the death of a link, of the agent and of the server, with nothing lost or doubled', async () => {
    const { view, sid } = await lab.openShell('sam');
    await view.control('take');
    view.type(count(300, '0.02'));
    await view.sees('<20>');
    await view.person.connection.reconnect();
    await view.sees('<60>');
    await lab.agent.stop('SIGKILL');
    lab.agent.start();
    await view.sees('<150>');
    await lab.nats.kill();
    await lab.nats.restart();
    await view.sees(/done\r\n/);
    expect(view.resets).toBe(1);
    expect(numbersIn(view.text)).toEqual(upTo(300));
    expect((await view.person.list(lab.device)).map((one) => one.sid)).toContain(sid);
    // Back as who it was, without asking.
    view.type('echo st""ill\r');
    await view.sees('still');
  });
});

describe('a program that means harm', () => {
  it('S67 gets no answer from the screen that the device keeps', async () => {
    const { view } = await lab.openShell('sam');
    await view.control('take');
    // Device attributes, cursor position, modes, colours, title: everything a terminal would answer.
    const asks = [
      '[c',
      '[>c',
      '[=c',
      '[6n',
      '[5n',
      '[?1$p',
      ']10;?\\a',
      ']4;1;?\\a',
      'P$qm\\e\\\\',
      '[21t',
      '[18t',
      ']52;c;?\\a',
    ];
    const hostile = asks.map((ask) => `\\e${ask}`).join('');
    view.type(`stty -echo; printf '${hostile}'; IFS= read -rsn1 -t 2 back; stty echo; echo "got <\${#back}> d""one"\r`);
    await view.sees(/got <\d> done/);
    expect(view.text).toContain('got <0> done');
  });
});

describe('recordings', () => {
  it('holds what was shown, never what was typed unseen, and is fetched in parts and deleted', async () => {
    const { view, sid } = await lab.openShell('sam');
    await view.control('take');
    const secret = randomBytes(6).toString('hex');
    // Quoted so that only the question itself looks like it: what is typed before it is asked is still shown.
    view.type('read -s -p "wo""rd: " word\r');
    await view.sees(/word: $/);
    view.type(`${secret}\r`);
    view.type('echo sh""own\r');
    await view.sees('shown');
    await view.person.execute(lab.device, { op: 'end', sid });
    const recorder = await lab.join('recorder', 'recorder');
    const ask = (body: object) => recorder.ask(subjects.rpc(lab.device, 'recording', recorder.uid), body);
    const mine = await vi.waitFor(async () => {
      const { recordings } = (await ask({ op: 'list' })) as unknown as {
        recordings: { id: string; people: { name: string }[] }[];
      };
      for (const one of recordings) {
        const { data } = await ask({ op: 'read', id: one.id, offset: 0 });
        const text = Buffer.from(data as string, 'base64').toString();
        if (text.includes('shown')) return { ...one, text };
      }
      throw new Error('not there yet');
    }, WAITING);
    const lines = mine.text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(lines[0]).toMatchObject({ version: 3, term: { cols: 80, rows: 24 } });
    expect(lines.slice(1).every((event) => Array.isArray(event) && typeof event[0] === 'number')).toBe(true);
    expect(mine.text).not.toContain(secret);
    expect(mine.people).toMatchObject([{ name: 'sam' }]);
    expect(await ask({ op: 'delete', id: mine.id })).toMatchObject({ ok: true });
    expect(await ask({ op: 'read', id: mine.id, offset: 0 })).toMatchObject({ ok: false, code: 'not-found' });
  });

  it('are closed and whole when the host is killed', async () => {
    const { view } = await lab.openShell('sam');
    await view.control('take');
    view.type('echo before-the-k""ill\r');
    await view.sees('before-the-kill');
    const folder = path(lab.agent.folder, 'state', 'recordings');
    const casts = () =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.cast'))
        .map((name) => readFileSync(path(folder, name), 'utf8'));
    await vi.waitFor(() => expect(casts().join()).toContain('before-the-kill'), WAITING);
    killProcess(lab.hostPid());
    await vi.waitFor(() => {
      const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
      expect(files.map((name) => JSON.parse(readFileSync(path(folder, name), 'utf8')) as object)).toSatisfy(
        (all: { endedAt?: string }[]) => all.length > 0 && all.every((one) => one.endedAt),
      );
    }, WAITING);
    expect(casts().join()).toContain('before-the-kill');
    for (const cast of casts()) for (const line of cast.trim().split('\n')) expect(() => JSON.parse(line)).not.toThrow();
    // The next shell finds a new host.
    const { view: next } = await lab.openShell('sam');
    await next.control('take');
    next.type('echo ag""ain\r');
    await next.sees('again');
  });
});
