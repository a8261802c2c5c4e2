import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import { Recording, ScreenLapseEntry } from '#contracts/recording.ts';
import type { ScreenState } from '#contracts/stream/screen.ts';
import { LIMIT, WINDOW_BYTES } from '#contracts/stream/session.ts';
import { subjects } from '#contracts/subjects.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { TYPING, vncService } from '#e2e/stack/vnc-service.ts';
import { TEST_IMAGE } from '../../engine/test-engine.ts';
import { startTestOffice, type TestDevice, type TestFleet } from '../../test-fleet.ts';
import { connectTestPerson, type TestPerson } from '../../test-person.ts';
import { RfbClient, updateRequest } from './rfb-client.ts';
import { keyPress, TestViewer } from './test-viewer.ts';

let fleet: TestFleet;
let device: TestDevice;
let kim: TestPerson;
let sam: TestPerson;

beforeAll(async () => {
  const services = [
    vncService({ image: TEST_IMAGE }),
    vncService({ name: 'typist', image: TEST_IMAGE, client: TYPING }),
    { name: 'plain', image: TEST_IMAGE },
  ];
  ({ fleet, device } = await startTestOffice(services));
  kim = await connectTestPerson(fleet.nats, 'kim', 'viewer');
  sam = await connectTestPerson(fleet.nats, 'sam', 'operator');
});

afterAll(async () => {
  await kim?.connection.close();
  await sam?.connection.close();
  await device?.remove();
  await fleet?.stop();
});

/** What somebody typed on the desktop `typist`, read inside of its container. */
async function typed(): Promise<string> {
  const [id] = await fleet.engine
    .api(
      'GET',
      `/v4.0.0/libpod/containers/json?filters=${encodeURIComponent(JSON.stringify({ label: [`${CONTAINER_LABEL.service}=typist`, `${CONTAINER_LABEL.device}=${device.name}`] }))}`,
    )
    .then(({ json }) => json as { Pid: number }[]);
  return readFile(`/proc/${id!.Pid}/root/tmp/typed`, 'utf8');
}

const ENTER = 0xff0d;
const type = (text: string) => Buffer.concat([...[...text].map((letter) => keyPress(letter.charCodeAt(0))), keyPress(ENTER)]);

/** A desktop answers a moment after its container runs. */
async function opened(person: TestPerson, service: string): Promise<TestViewer> {
  return eventually(`${service} answers`, async () => {
    const viewer = new TestViewer(person, device.name);
    const answer = await viewer.open('office', service);
    if (!answer.ok) throw new Error(answer.message);
    onTestFinished(() => viewer.close());
    return viewer;
  });
}

test('the picture of a desktop arrives and moves', async () => {
  const viewer = await opened(kim, 'desk');
  const client = await viewer.client();
  await client.update();
  expect(client.picture).toMatchObject({ width: 640, height: 480 });
  const first = Buffer.from(client.picture.pixels);
  await eventually('the picture changes', async () => {
    await client.update();
    return !first.equals(client.picture.pixels);
  });
});

test('keys of somebody who watches are dropped, keys of who has control arrive', async () => {
  const [watcher, driver] = [await opened(kim, 'typist'), await opened(sam, 'typist')];
  const [pictures] = [await watcher.client(), await driver.client()];
  await pictures.update();
  const before = await eventually('the terminal waits for keys', typed);
  const drivers = async () =>
    (await device.events()).filter(({ kind, service }) => kind.startsWith('screen-') && service === 'typist');
  const { length: toldBefore } = await drivers();

  watcher.watch(type('watched'));
  // Without control `.in` is dropped as well.
  driver.drive(type('early'));
  expect(await driver.control('take')).toMatchObject({ ok: true });
  driver.drive(type('driven'));
  await eventually('the keys arrive', async () => (await typed()).slice(before.length).includes('driven'));
  expect(await typed()).toBe(`${before}driven\n`);

  expect(await driver.control('release')).toMatchObject({ ok: true });
  driver.drive(type('late'));
  watcher.watch(type('watched again'));
  expect(await driver.control('take')).toMatchObject({ ok: true });
  driver.drive(type('end'));
  await eventually('the keys arrive', async () => (await typed()).slice(before.length).includes('end'));
  expect(await typed()).toBe(`${before}driven\nend\n`);
  expect(watcher.closed).toBeUndefined();
  await eventually('the device told who drove', async () => {
    const lines = (await drivers()).slice(toldBefore);
    expect(lines.map(({ kind, by }) => `${kind} ${by}`)).toEqual([
      'screen-control sam',
      'screen-ended sam',
      'screen-control sam',
    ]);
    return true;
  });
});

test('pictures go on for who does not know yet that control has passed on', async () => {
  const viewer = await opened(sam, 'desk');
  await viewer.control('take');
  await viewer.control('release');
  const client = await RfbClient.open({ ...viewer.stream(), write: (bytes) => viewer.drive(bytes) });
  await client.update();
  expect(client.picture).toMatchObject({ width: 640, height: 480 });
});

test('everybody who watches is told who drives, and control is asked for', async () => {
  const ada = await connectTestPerson(fleet.nats, 'ada', 'operator');
  onTestFinished(() => ada.connection.close());
  const [watcher, first, second] = [await opened(kim, 'desk'), await opened(sam, 'desk'), await opened(ada, 'desk')];
  const told = (what: string, is: (state: ScreenState) => boolean) =>
    eventually(what, () => [watcher.states.at(-1)].some((state) => state && is(state)));
  await told('three watch', ({ viewers }) => viewers.join() === 'ada,kim,sam');
  await first.control('take');
  await told('sam drives', ({ writer }) => writer?.name === 'sam');
  await second.control('take');
  await told('ada asks', ({ asking }) => asking?.name === 'ada' && asking.untilMs > 0);
  await first.control('keep');
  await told('sam keeps it', ({ asking, writer }) => !asking && writer?.name === 'sam');
  await second.control('take');
  await first.control('give');
  await told('ada drives', ({ asking, writer }) => !asking && writer?.name === 'ada');
  expect(await first.control('keep')).toMatchObject({ ok: false, code: 'not-allowed' });
  second.close();
  await told('nobody drives', ({ writer, viewers }) => !writer && viewers.join() === 'kim,sam');
  expect(await watcher.control('take').catch(() => 'refused by NATS')).toBe('refused by NATS');
});

test('a session goes on where it was after nats-server died', async () => {
  const viewer = await opened(kim, 'desk');
  const client = await viewer.client();
  await client.update();
  const received = viewer.receivedBytes;
  // Asked for, and under way while the server dies.
  const updating = client.update();
  await fleet.nats.kill();
  await fleet.nats.restart();
  await eventually('the viewer is back', async () => {
    await kim.connection.flush();
    return true;
  });
  viewer.lost();
  await updating;
  const before = Buffer.from(client.picture.pixels);
  await eventually('the picture moves again', async () => {
    await client.update();
    return !before.equals(client.picture.pixels);
  });
  expect(viewer.receivedBytes).toBeGreaterThan(received);
  expect(viewer.closed).toBeUndefined();
});

test('a viewer that does not read pauses its own connection alone', async () => {
  const [slow, quick] = [await opened(kim, 'desk'), await opened(sam, 'desk')];
  const [, client] = [await slow.client(), await quick.client()];
  // The end of an earlier recording is told to everybody who watches, also to who does not read.
  await eventually('nothing is recorded any more', () => slow.states.at(-1)?.recording === false);
  slow.reading = false;
  const everything = updateRequest(false, { width: 640, height: 480 });
  for (let i = 0; i < 20; i++) slow.watch(everything);
  await eventually('the window of the slow one is full', () => slow.receivedBytes >= WINDOW_BYTES);
  const held = slow.receivedBytes;
  for (let i = 0; i < 5; i++) await client.update();
  // Twenty whole pictures would be 25 MB.
  expect(slow.receivedBytes - held).toBe(0);
  expect(held).toBeLessThan(WINDOW_BYTES + 16 * 1024);
});

test('refuses in words', async () => {
  const ask = (deployment: string, service: string) => new TestViewer(sam, device.name).open(deployment, service);
  expect(await ask('office', 'plain')).toMatchObject({ code: 'not-found', message: expect.stringContaining('has no desktop') });
  expect(await ask('office', 'nobody')).toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('does not run nobody'),
  });
});

test('a session that the device does not know ends, so that the viewer asks anew', async () => {
  const viewer = new TestViewer(kim, device.name);
  onTestFinished(() => viewer.close());
  const { out } = subjects.screen;
  kim.connection.subscribe(out(device.name, kim.uid, viewer.sid), { callback: (_error, { data }) => viewer.receive(data) });
  viewer.say({ type: 'credit', offset: 4_711 });
  await eventually('it is told', () => viewer.closed?.reason === 'gone');
});

test('one person has so many sessions and no more', async () => {
  const many = await connectTestPerson(fleet.nats, 'ann', 'viewer');
  onTestFinished(() => many.connection.close());
  for (let count = 0; count < LIMIT.sessionsPerPerson; count++) await opened(many, 'desk');
  const oneMore = new TestViewer(many, device.name);
  onTestFinished(() => oneMore.close());
  expect(await oneMore.open('office', 'desk')).toMatchObject({ ok: false, code: 'too-many' });
});

test('a message that is not known ends the session', async () => {
  const viewer = await opened(kim, 'desk');
  await viewer.client();
  viewer.watch(Uint8Array.of(77));
  await eventually('it ends', () => viewer.closed?.reason === 'failed');
  expect(viewer.closed?.message).toContain('not known');
});

test('what somebody drives is recorded, a picture a second of those that changed', async () => {
  const [watcher, driver] = [await opened(kim, 'desk'), await opened(sam, 'desk')];
  await eventually('what was driven before is recorded to its end', () => watcher.states.at(-1)?.recording === false);
  await driver.control('take');
  await eventually('everybody is told that it is recorded', () => watcher.states.at(-1)?.recording);
  const folder = join(device.agent.folder, 'state/recordings');
  const recordings = async () => {
    const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
    // Of the other desktop one may still be about to end.
    return texts
      .map((text) => JSON.parse(text) as Recording)
      .filter(({ endedAt, target }) => endedAt && target.kind === 'screen' && target.service === 'desk');
  };
  const before = (await recordings()).map(({ id }) => id);
  await delay(3_000);
  await driver.control('release');
  const recording = await eventually('it ends a while after nobody drives', async () =>
    (await recordings()).find(({ id }) => !before.includes(id)),
  );
  expect(Recording.parse(recording)).toMatchObject({
    kind: 'screen',
    target: { kind: 'screen', deployment: 'office', service: 'desk' },
    people: [{ name: 'sam' }],
    truncated: false,
  });
  const lines = (await readFile(join(folder, `${recording.id}.cast`), 'utf8')).trim().split('\n');
  const entries = lines.map((line) => ScreenLapseEntry.parse(JSON.parse(line)));
  expect(entries.length).toBeGreaterThanOrEqual(2);
  expect(entries.map(({ t }) => t)).toEqual(entries.map(({ t }) => t).sort((a, b) => a - b));
  expect(new Set(entries.map(({ jpeg }) => jpeg)).size).toBe(entries.length);
  for (const { jpeg } of entries) expect((await sharp(Buffer.from(jpeg, 'base64')).metadata()).format).toBe('jpeg');
  await eventually('everybody is told that it is over', () => watcher.states.at(-1)?.recording === false);
});
