import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { mintDevice } from '#server/nats/mint.ts';
import { startTestNats, type TestNats } from '#server/nats/test-server.ts';
import { createTestAgent, type TestAgent } from '../test-agent.ts';
import { TestPerson, TestView, WAITING } from './test-terminal.ts';

const device = `term-${process.pid}`;
let nats: TestNats;
let agent: TestAgent;
const people: TestPerson[] = [];
const views: TestView[] = [];

const join = async (name: string, kind?: 'viewer' | 'operator' | 'recorder') => {
  const person = await TestPerson.join(nats, name, kind);
  people.push(person);
  return person;
};
const look = async (person: TestPerson, sid: string) => {
  const view = await TestView.of(person, device, sid);
  views.push(view);
  return view;
};

beforeAll(async () => {
  nats = await startTestNats();
  agent = await createTestAgent({
    device,
    natsUrl: nats.url,
    credentials: { creds: mintDevice(nats.keys, device).creds },
    hostIp: '127.0.2.9',
    engineSocket: '/nowhere/podman.sock',
  });
  agent.start();
});

afterAll(async () => {
  for (const view of views) view.leave();
  for (const person of people) await person.close();
  await agent?.remove();
  await nats?.stop();
});

describe('a shell of the host', () => {
  it('shows what is typed and what it answers', async () => {
    const sam = await join('sam');
    const sid = await sam.open(device, { kind: 'host' });
    const view = await look(sam, sid);
    expect(await view.control('take')).toMatchObject({ ok: true });
    view.type('echo he""llo from $TERM; env | grep -ci -e scorewall -e nats\r');
    await view.sees(/hello from xterm-256color\r\n0\r\n/);
    expect(view.state).toMatchObject({ writer: { name: 'sam' }, viewers: ['sam'], cols: 80, rows: 24 });
    expect(await view.person.execute(device, { op: 'end', sid })).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(view.closed).toBe(true), WAITING);
  });
});
