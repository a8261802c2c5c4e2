import { rename, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { CONTAINER_LABEL } from '#contracts/container.ts';
import {
  decodeScreenPeek,
  type Face,
  faceToken,
  LogPeek,
  type PeekAnswer,
  type ScreenPeek,
  TerminalPeek,
} from '#contracts/peek.ts';
import { subjects } from '#contracts/subjects.ts';
import { eventually } from '#e2e/stack/eventually.ts';
import { TYPING, vncService } from '#e2e/stack/vnc-service.ts';
import { TEST_IMAGE } from '../../engine/test-engine.ts';
import { TestPerson as TerminalPerson, TestView } from '../../terminals/test-terminal.ts';
import { startTestOffice, type TestDevice, type TestFleet } from '../../test-fleet.ts';
import { connectTestPerson, type TestPerson } from '../../test-person.ts';

const MOVING: Face = { kind: 'screen', deployment: 'office', service: 'desk' };
const STILL: Face = { kind: 'screen', deployment: 'office', service: 'still' };

let fleet: TestFleet;
let device: TestDevice;
let kim: TestPerson;
let sam: TestPerson;

beforeAll(async () => {
  const services = [
    vncService({ image: TEST_IMAGE }),
    vncService({ name: 'still', image: TEST_IMAGE, client: TYPING }),
    { name: 'plain', image: TEST_IMAGE },
    {
      name: 'talker',
      image: TEST_IMAGE,
      command: ['/bin/sh', '-c', 'echo begins; while :; do cat /tmp/say 2>/dev/null && rm /tmp/say; sleep 0.1; done'],
    },
  ];
  ({ fleet, device } = await startTestOffice(services));
});

afterAll(async () => {
  await device?.remove();
  await fleet?.stop();
});

beforeEach(async () => {
  kim = await connectTestPerson(fleet.nats, 'kim', 'viewer');
  sam = await connectTestPerson(fleet.nats, 'sam', 'viewer');
});

afterEach(async () => {
  for (const person of [kim, sam]) {
    await look(person, []);
    await person.connection.close();
  }
});

const look = (person: TestPerson, faces: readonly Face[], more: object = {}) =>
  person.ask<PeekAnswer>(device.name, 'peek', {
    looks: faces.map((face) => ({ face, fps: 4, width: 480, height: 300, rows: 20, ...more })),
  });

/** Looks until there is a picture: a desktop answers a moment after its container runs. */
const lookUntilSeen = (person: TestPerson, face: Face) =>
  eventually('there is something to see', async () => {
    const answer = await look(person, [face]);
    return answer.ok && answer.looks[0]?.available;
  });

async function listen(person: TestPerson, face: Face): Promise<ScreenPeek[]> {
  const seen: ScreenPeek[] = [];
  person.connection.subscribe(subjects.peek(device.name, faceToken(face)), {
    callback: (_error, { data }) => {
      const picture = decodeScreenPeek(data);
      if (picture) seen.push(picture);
    },
  });
  await person.connection.flush();
  return seen;
}

/** Black on white in a terminal, on a dark desktop; a desktop is up a moment before what runs on it. */
const showsTerminal = (seen: readonly ScreenPeek[], face: Face) =>
  eventually('the terminal is on the picture', async () => {
    // Who does not say so again looks no more.
    await look(kim, [face]);
    const [red] = (await sharp(seen.at(-1)!.jpeg).stats()).channels;
    return red!.max > 200 && red!.min < 50;
  });

test('a small picture of a desktop is a JPEG of what is on it', async () => {
  const seen = await listen(kim, MOVING);
  await lookUntilSeen(kim, MOVING);
  const picture = await eventually('a picture comes', () => seen[0]);
  expect(picture).toMatchObject({ width: 640, height: 480 });
  const { format, width, height } = await sharp(picture.jpeg).metadata();
  expect({ format, width, height }).toEqual({ format: 'jpeg', width: 400, height: 300 });
  await showsTerminal(seen, MOVING);
});

test('two who look get one publisher, and nothing comes once both have left', async () => {
  const [one, two] = [await listen(kim, MOVING), await listen(sam, MOVING)];
  await lookUntilSeen(kim, MOVING);
  await look(sam, [MOVING]);
  await eventually('pictures move', () => one.length >= 6 && two.length >= 6);
  const moments = one.map(({ at }) => at);
  // Kim listened first, and may have heard the last picture of whoever looked before; one of the two may be a picture ahead.
  const heardByBoth = moments.slice(Math.max(0, moments.indexOf(two[0]!.at)));
  const both = Math.min(heardByBoth.length, two.length);
  expect(two.slice(0, both).map(({ at }) => at)).toEqual(heardByBoth.slice(0, both));
  // Whoever joins gets the newest picture again, which others then see twice; a second publisher would double all of them.
  expect(new Set(moments).size).toBeGreaterThanOrEqual(moments.length - 2);

  await look(kim, []);
  const left = two.length;
  await eventually('sam still sees it move', () => two.length > left + 2);
  await look(sam, []);
  await sam.connection.flush();
  const last = two.length;
  await delay(1_500);
  expect(two.length - last).toBeLessThanOrEqual(1);
  const end = two.length;
  await delay(1_000);
  expect(two.length).toBe(end);
});

test('a desktop that stands still is published once, and again for who asks', async () => {
  const seen = await listen(kim, STILL);
  await lookUntilSeen(kim, STILL);
  await showsTerminal(seen, STILL);
  await eventually('the desktop has settled', async () => {
    const before = seen.length;
    await delay(1_500);
    return before > 0 && seen.length === before;
  });
  const settled = seen.length;
  await look(kim, [STILL]);
  await delay(1_000);
  expect(seen.length).toBe(settled);
  await look(kim, [STILL], { resync: true });
  await eventually('the whole picture comes again', () => seen.length === settled + 1);
  await look(sam, [STILL]);
  await eventually('it comes for the one who joins', () => seen.length === settled + 2);
  await look(sam, []);
  await look(kim, [STILL], { width: 160, height: 100 });
  await eventually('it comes in the size of the tile', async () => {
    await look(kim, [STILL], { width: 160, height: 100, resync: true });
    return (await sharp(seen.at(-1)!.jpeg).metadata()).height! < 120;
  });
});

test('says in words what cannot be seen', async () => {
  const answer = await look(kim, [
    { kind: 'services' },
    { kind: 'screen', deployment: 'office', service: 'plain' },
    { kind: 'screen', deployment: 'office', service: 'nobody' },
  ]);
  expect(answer).toMatchObject({
    looks: [
      { token: 'services', available: true },
      { token: 'screen_office_plain', available: false, why: expect.stringContaining('has no desktop') },
      { token: 'screen_office_nobody', available: false, why: expect.stringContaining('does not run nobody') },
    ],
  });
});

/** What the talker said last: a second try finds what the first one had it say. */
let lastSaid = ['begins'];

test('the last lines of a log, and again only when there are new ones', async () => {
  const face: Face = { kind: 'log', deployment: 'office', service: 'talker' };
  const seen: LogPeek[] = [];
  kim.connection.subscribe(subjects.peek(device.name, faceToken(face)), {
    callback: (_error, message) => void seen.push(LogPeek.parse(message.json())),
  });
  const last = () =>
    seen
      .at(-1)
      ?.lines.filter(({ o }) => o === 'out')
      .map(({ x }) => x);
  await eventually('the line comes', async () => {
    await look(kim, [face], { rows: 3 });
    return last()?.join() === lastSaid.join();
  });
  await eventually('nothing more comes', async () => {
    const before = seen.length;
    await delay(1_500);
    return seen.length === before;
  });
  const pid = await fleet.engine
    .api(
      'GET',
      `/v4.0.0/libpod/containers/json?filters=${encodeURIComponent(JSON.stringify({ label: [`${CONTAINER_LABEL.service}=talker`] }))}`,
    )
    .then(({ json }) => (json as { Pid: number }[])[0]!.Pid);
  // Whole at once: it reads as soon as there is a file.
  const say = `/proc/${pid}/root/tmp/say`;
  const words = ['one', 'two', 'three', 'four'].map((word) => `${word} ${Date.now()}`);
  lastSaid = words.slice(-3);
  await writeFile(`${say}.new`, `${words.join('\n')}\n`);
  await rename(`${say}.new`, say);
  await eventually('the new ones come, as many as fit', () => last()?.join() === lastSaid.join());
});

test('a terminal is published where it changed, and not at all while it stands still', async () => {
  const ada = await TerminalPerson.join(fleet.nats, 'ada');
  onTestFinished(() => ada.close());
  const face: Face = { kind: 'terminal' };
  const seen: TerminalPeek[] = [];
  kim.connection.subscribe(subjects.peek(device.name, faceToken(face)), {
    callback: (_error, message) => void seen.push(TerminalPeek.parse(message.json())),
  });
  expect(await look(kim, [face])).toMatchObject({ looks: [{ token: 'term', available: false, why: expect.any(String) }] });

  const terminal = await TestView.of(ada, device.name, await ada.open(device.name, { kind: 'host' }));
  onTestFinished(() => terminal.leave());
  onTestFinished(async () => void (await ada.execute(device.name, { op: 'end', sid: terminal.sid })));
  await terminal.control('take');
  const isSettled = () =>
    eventually('the shell waits', async () => {
      const before = seen.length;
      await delay(1_500);
      return before > 0 && seen.length === before;
    });
  await look(kim, [face]);
  await isSettled();
  expect(seen[0]).toMatchObject({ full: true });
  const settled = seen.length;

  terminal.type('printf "%s\\n" $((1300 + 37))\r');
  const text = () =>
    seen
      .slice(settled)
      .map(({ lines }) => JSON.stringify(lines))
      .join();
  await eventually('what it says is drawn', () => text().includes('1337'));
  expect(seen.slice(settled).every(({ full }) => !full)).toBe(true);
  expect(seen.map(({ seq }) => seq)).toEqual(seen.map((_, index) => seen[0]!.seq + index));
  await isSettled();
  const said = seen.length;
  await look(kim, [face], { resync: true });
  await eventually('a whole picture comes to who asks', () => seen.length > said);
  expect(seen.at(-1)).toMatchObject({ full: true });
});
