import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { startTestFleet, type TestDevice, type TestFleet, WAITING } from '../test-fleet.ts';
import { connectTestPerson, type TestPerson } from '../test-person.ts';

let fleet: TestFleet;
let device: TestDevice;
let other: TestDevice;
let sam: TestPerson;

beforeAll(async () => {
  fleet = await startTestFleet();
  [device, other] = [await fleet.addDevice(), await fleet.addDevice()];
  sam = await connectTestPerson(fleet.nats, 'sam', 'operator');
  await Promise.all([device.start(), other.start()]);
  await device.write('shop', device.score({ agentSocket: true }));
  await device.reportsRunning('shop');
});
afterAll(async () => {
  await sam?.connection.close();
  for (const one of [device, other]) await one?.remove();
  await fleet?.stop();
});

const hostSocketOf = (one: TestDevice) => join(one.agent.folder, 'state', 'agent.sock');

/** The socket as the container sees it: through its own root folder. */
async function socketInContainer(): Promise<string> {
  const [id] = await device.containerIds();
  const { json } = await fleet.engine.api('GET', `/v4.0.0/libpod/containers/${id}/json`);
  return `/proc/${(json as { State: { Pid: number } }).State.Pid}/root/run/scorewall/agent.sock`;
}

interface Reply {
  status: number;
  text: string;
}

function post(socketPath: string, path: string, body: string | object, signal?: AbortSignal): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, method: 'POST', ...(signal ? { signal } : {}) }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    asking.on('error', reject);
    asking.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
}

/** The agent's own command, as a program on the device would run it. */
function command(socket: string, ...words: string[]) {
  const main = fileURLToPath(new URL('../main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...words, '--socket', socket], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  onTestFinished(() => void child.kill());
  // Not at its exit: what it said last may still be on its way then.
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { output: () => output, ended, kill: () => child.kill() };
}

describe('the local socket', () => {
  it('is open to its own user on the host, and to any user inside its one container', async () => {
    expect(statSync(hostSocketOf(device)).mode & 0o777).toBe(0o600);
    expect(statSync(await socketInContainer()).mode & 0o777).toBe(0o666);
  });

  it('shows what a service says as the caption of the device, with the name of who said it', async () => {
    expect(await post(await socketInContainer(), '/say', 'counting visitors')).toMatchObject({ status: 200 });
    await device.reports(({ work }) =>
      expect(work?.caption).toMatchObject({ text: 'counting visitors', by: { deployment: 'shop', service: 'hello' } }),
    );
  });

  it('still reaches the agent after its restart, through the same mount', async () => {
    await device.agent.stop('SIGKILL');
    await device.start();
    await vi.waitFor(
      async () => expect(await post(await socketInContainer(), '/step', 'back again')).toMatchObject({ status: 200 }),
      WAITING,
    );
    await device.reports(({ work }) => expect(work?.steps.map(({ text }) => text)).toEqual(['back again']));
  });

  it('brings the answer of a person back to the program that asked', async () => {
    const asking = command(hostSocketOf(device), 'ask', 'Pay 14.90?', '--options', 'yes,no');
    let id = '';
    await device.reports(({ work }) => {
      expect(work?.asks[0]?.question).toBe('Pay 14.90?');
      id = work!.asks[0]!.id;
    });
    expect(await sam.ask(device.name, 'answer', { id, option: 'yes' })).toEqual({ ok: true });
    expect(await asking.ended).toBe(0);
    expect(asking.output()).toBe('yes\n');
    expect(await sam.ask(device.name, 'answer', { id, option: 'no' })).toMatchObject({ ok: false, code: 'not-found' });
    await vi.waitFor(async () => {
      const told = (await device.events()).find(({ kind }) => kind === 'answered');
      expect(told?.message).toContain('sam answered “yes”');
    }, WAITING);
  });

  it('takes a question back when the program that asked is gone', async () => {
    const leaving = new AbortController();
    const asking = post(hostSocketOf(device), '/ask', { question: 'Still there?' }, leaving.signal).catch(() => undefined);
    await device.reports(({ work }) => expect(work?.asks).toHaveLength(1));
    leaving.abort();
    await asking;
    await device.reports(({ work }) => expect(work?.asks ?? []).toHaveLength(0));
  });

  it('carries a call to the other device, and tells the wall who looked at whom', async () => {
    const listening = command(hostSocketOf(other), 'listen', `call.${other.name}`);
    await vi.waitFor(async () => {
      await post(hostSocketOf(device), '/call', { to: other.name, text: 'check frame 8813' });
      expect(listening.output()).toContain('check frame 8813');
    }, WAITING);
    listening.kill();
    expect(JSON.parse(listening.output().split('\n')[0]!)).toMatchObject({ from: device.name, data: 'check frame 8813' });
    await vi.waitFor(async () => {
      const call = (await device.events()).find(({ kind }) => kind === 'call');
      expect(call).toMatchObject({ device: device.name, to: other.name });
    }, WAITING);
  });

  it.each([
    ['/say', 'x'.repeat(201), 400],
    ['/say', '{not json', 400],
    ['/step', { state: 'doing' }, 400],
    ['/ask', { question: 'Which?', options: [] }, 400],
    ['/publish', { topic: 'a.>', data: '' }, 400],
    ['/publish', { topic: '*', data: '' }, 400],
    ['/publish', { topic: 'big', data: 'x'.repeat(70_000) }, 400],
    ['/call', { to: '*', text: 'hello' }, 400],
    ['/toString', 'x', 404],
    ['/publish', 'x'.repeat(200_000), 413],
  ])('refuses %s with what makes no sense, in words', async (path, body, status) => {
    const reply = await post(hostSocketOf(device), path, body);
    expect(reply.status).toBe(status);
    expect((JSON.parse(reply.text) as { error: string }).error.length).toBeGreaterThan(10);
  });

  it('slows down who says too much, and goes on with the others', async () => {
    await vi.waitFor(async () => {
      const many = await Promise.all(Array.from({ length: 60 }, () => post(hostSocketOf(other), '/say', 'again and again')));
      expect(many.some(({ status }) => status === 429)).toBe(true);
    }, WAITING);
    expect(await post(hostSocketOf(device), '/say', 'undisturbed')).toMatchObject({ status: 200 });
  });
});
