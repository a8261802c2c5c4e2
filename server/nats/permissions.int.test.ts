import { jwtAuthenticator, type NatsConnection, nkeys, PermissionViolationError } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNats } from './connect.ts';
import { mintDevice, mintDeviceUser, mintPerson, mintVoice } from './mint.ts';
import { ACTORS, type Access, PERMISSION_TABLE, type PermissionRow, type TableActor } from './permission-table.ts';
import { type Actor, tokenOf } from './permissions.ts';
import { provisionFleet } from './provision.ts';
import { startTestNats, type TestNats } from './test-server.ts';

const DEVICE = 'octavia';
const HEX = '0123456789abcdef01234567';
const SID = '00112233445566778899aabb';
const GRANT = { device: 'shellfish', sid: SID };
const PEOPLE = {
  viewer: { kind: 'viewer', uid: `sam_${HEX}` },
  operator: { kind: 'operator', uid: `ada_${HEX}` },
  guest: { kind: 'guest', uid: `guest_${HEX}`, ...GRANT },
  tv: { kind: 'tv', uid: `tv-0123456789ab_${HEX}` },
  recorder: { kind: 'recorder', uid: `recorder_${HEX}` },
} as const;
const ME: Record<TableActor, Exclude<Actor, { kind: 'admin' }>> = {
  device: { kind: 'device', name: DEVICE },
  contested: { kind: 'contested', name: DEVICE },
  ...PEOPLE,
  identity: { kind: 'identity' },
  rotator: { kind: 'rotator' },
  hub: { kind: 'hub' },
  system: { kind: 'system' },
};

let nats: TestNats;
let connections: Record<string, NatsConnection>;

beforeAll(async () => {
  nats = await startTestNats();
  const hub = await nats.connectAs('anchor');
  await provisionFleet(hub);
  connections = {
    device: await connectDevice(mintDevice(nats.keys, DEVICE).creds),
    // As on a cluster whose signing key has no template: the list travels in the JWT.
    'device with its own list': await connectDevice(mintDevice({ ...nats.keys, device: nats.keys.people }, DEVICE).creds),
    contested: await connectContested(),
    viewer: await connectPerson(PEOPLE.viewer),
    operator: await connectPerson(PEOPLE.operator),
    guest: await connectPerson(PEOPLE.guest),
    tv: await connectPerson(PEOPLE.tv),
    recorder: await connectPerson(PEOPLE.recorder),
    identity: await connectVoice('identity'),
    rotator: await connectVoice('rotator'),
    hub,
    system: await nats.connectAs('system'),
  };
});

afterAll(async () => {
  await Promise.all(Object.values(connections).map((connection) => connection.close()));
  await nats.stop();
});

const connectDevice = (creds: string) =>
  connectNats({ servers: nats.url, creds, name: DEVICE, inboxPrefix: `_INBOX.${DEVICE}`, firstConnect: 'fail' });

function connectContested(): Promise<NatsConnection> {
  const user = nkeys.createUser();
  const expiresAt = new Date(Date.now() + 600_000);
  const jwt = mintDeviceUser(nats.keys, { name: DEVICE, publicKey: user.getPublicKey(), expiresAt, contested: true });
  return connect({ servers: nats.url, inboxPrefix: `_INBOX.${DEVICE}`, authenticator: jwtAuthenticator(jwt, user.getSeed()) });
}

function connectPerson(actor: (typeof PEOPLE)[keyof typeof PEOPLE]): Promise<NatsConnection> {
  const user = nkeys.createUser();
  const { jwt, inboxPrefix } = mintPerson(nats.keys, actor, { publicKey: user.getPublicKey(), ttlMs: 600_000 });
  return connect({ servers: nats.url, inboxPrefix, authenticator: jwtAuthenticator(jwt, user.getSeed()) });
}

const connectVoice = (kind: 'identity' | 'rotator') =>
  connectNats({
    servers: nats.url,
    creds: mintVoice(nats.keys, kind, { ttlMs: 600_000 }),
    name: kind,
    inboxPrefix: `_INBOX.${kind}`,
    firstConnect: 'fail',
  });

describe.each([
  ['device', 'device'],
  ['device', 'device with its own list'],
  ['contested', 'contested'],
  ['viewer', 'viewer'],
  ['operator', 'operator'],
  ['guest', 'guest'],
  ['tv', 'tv'],
  ['recorder', 'recorder'],
  ['identity', 'identity'],
  ['rotator', 'rotator'],
  ['hub', 'hub'],
  ['system', 'system'],
] as const)('%s (%s)', (actor, connection) => {
  it('S14 S23 may publish exactly what the table says', async () => {
    const tries = PERMISSION_TABLE.flatMap((row) =>
      fillings(row, actor).map((subject) => ({
        subject: concrete(subject),
        allowed: row[actor] === 'pub' || row[actor] === 'both',
      })),
    );
    const denied = await publishAll(connections[connection]!, tries);
    expect(verdicts(tries, denied)).toEqual(verdictsWanted(tries));
  });

  it('S14 S23 may subscribe to exactly what the table says', async () => {
    const tries = PERMISSION_TABLE.flatMap((row) =>
      fillings(row, actor).map((subject) => ({ subject, allowed: row[actor] === 'sub' || row[actor] === 'both' })),
    );
    const denied = await subscribeAll(connections[connection]!, tries);
    expect(verdicts(tries, denied)).toEqual(verdictsWanted(tries));
  });
});

/** What a row could miss, because it fills its wildcards with words that nobody has: said again with real names. */
const OTHER = 'ada_ffffffffffffffffffffffff';
const OTHER_SID = 'ffeeddccbbaa998877665544';
const viewer = PEOPLE.viewer.uid;
const guest = PEOPLE.guest.uid;
it.each<[string, string, 'pub' | 'sub', string]>([
  ['a TV reads a log', 'tv', 'pub', `device.octavia.rpc.log.${PEOPLE.tv.uid}`],
  ['a TV opens a screen', 'tv', 'pub', `device.octavia.rpc.screen.${PEOPLE.tv.uid}`],
  ['a TV lists terminals', 'tv', 'pub', `device.octavia.rpc.term.${PEOPLE.tv.uid}`],
  ['a TV watches a terminal', 'tv', 'sub', `term.octavia.${SID}.out`],
  ['a viewer types', 'viewer', 'pub', `term.octavia.${SID}.in.${viewer}`],
  ["a viewer types in an operator's name", 'viewer', 'pub', `term.octavia.${SID}.in.${OTHER}`],
  ["an operator types in another's name", 'operator', 'pub', `term.octavia.${SID}.in.${OTHER}`],
  ['a viewer opens a shell', 'viewer', 'pub', `device.octavia.rpc.exec.${viewer}`],
  ["a viewer opens a shell in an operator's name", 'viewer', 'pub', `device.octavia.rpc.exec.${OTHER}`],
  ["a viewer answers a device's question", 'viewer', 'pub', `device.octavia.rpc.answer.${viewer}`],
  ['an operator fetches recordings past the hub', 'operator', 'pub', `device.octavia.rpc.recording.${PEOPLE.operator.uid}`],
  ["a viewer reads another's log", 'viewer', 'sub', `log.octavia.${OTHER}.${SID}.out`],
  ["a viewer reads everybody's log", 'viewer', 'sub', 'log.*.*.*.out'],
  ["a viewer steers another's log", 'viewer', 'pub', `log.octavia.${OTHER}.${SID}.ctl`],
  ["a viewer watches another's screen session", 'viewer', 'sub', `screen.octavia.${OTHER}.${SID}.out`],
  ['a viewer moves a mouse', 'viewer', 'pub', `screen.octavia.${viewer}.${SID}.in`],
  ['a viewer reads what others type', 'viewer', 'sub', 'term.*.*.in.*'],
  ['a viewer reads whatever a terminal hears', 'viewer', 'sub', `term.octavia.${SID}.>`],
  ['an operator reads what others type', 'operator', 'sub', `term.octavia.${SID}.in.*`],
  ["a viewer hears another's answers", 'viewer', 'sub', `_INBOX.${OTHER}.>`],
  ["a viewer speaks into another's inbox", 'viewer', 'pub', `_INBOX.${OTHER}.x`],
  ['a viewer hears the bus', 'viewer', 'sub', 'bus.>'],
  ['an operator speaks on the bus', 'operator', 'pub', 'bus.octavia.x'],
  ['a viewer forges a peek', 'viewer', 'pub', 'peek.octavia.term'],
  ['a viewer forges output', 'viewer', 'pub', `term.octavia.${SID}.out`],
  ['a guest watches another session of the same device', 'guest', 'sub', `term.${GRANT.device}.${OTHER_SID}.out`],
  ['a guest watches the same session id on another device', 'guest', 'sub', `term.octavia.${SID}.out`],
  ['a guest watches every session', 'guest', 'sub', `term.${GRANT.device}.*.out`],
  ['a guest steers another session', 'guest', 'pub', `term.${GRANT.device}.${OTHER_SID}.rpc.${guest}`],
  ['a guest steers on another device', 'guest', 'pub', `term.octavia.${SID}.rpc.${guest}`],
  ["a guest steers in another's name", 'guest', 'pub', `term.${GRANT.device}.${SID}.rpc.${OTHER}`],
  ['a guest types', 'guest', 'pub', `term.${GRANT.device}.${SID}.in.${guest}`],
  ['a guest lists terminals', 'guest', 'pub', `device.${GRANT.device}.rpc.term.${guest}`],
  ['a guest reads a log', 'guest', 'pub', `device.${GRANT.device}.rpc.log.${guest}`],
  ['a guest sees the wall', 'guest', 'sub', 'wall.status.*'],
  ['a guest sees peeks', 'guest', 'sub', `peek.${GRANT.device}.term`],
  ['a recorder opens a shell', 'recorder', 'pub', `device.octavia.rpc.exec.${PEOPLE.recorder.uid}`],
  ['a recorder watches', 'recorder', 'sub', `term.octavia.${SID}.out`],
  ["a device forges another's terminal", 'device', 'pub', `term.shellfish.${SID}.out`],
  ["a device forges another's log", 'device', 'pub', `log.shellfish.${viewer}.${SID}.out`],
  ["a device forges another's screen", 'device', 'pub', `screen.shellfish.${viewer}.${SID}.out`],
  ["a device forges another's peek", 'device', 'pub', 'peek.shellfish.term'],
  ["a device speaks in another's name", 'device', 'pub', 'bus.shellfish.person'],
  ["a device hears another's requests", 'device', 'sub', 'device.shellfish.rpc.>'],
  ['a device makes a request', 'device', 'pub', `device.shellfish.rpc.exec.${OTHER}`],
  ["a device types into another's terminal", 'device', 'pub', `term.shellfish.${SID}.in.${OTHER}`],
  ["a device hears what is typed into another's terminal", 'device', 'sub', `term.shellfish.${SID}.in.*`],
  ["a device watches another's terminal", 'device', 'sub', `term.shellfish.${SID}.out`],
  ["a device reads another's log", 'device', 'sub', `log.shellfish.${viewer}.${SID}.out`],
  ["a device watches another's peek", 'device', 'sub', 'peek.shellfish.term'],
  ['a contested device reads what it is asked to run', 'contested', 'sub', `desired-state.${DEVICE}.hello`],
  [
    'a contested device fetches what it is asked to run',
    'contested',
    'pub',
    `$JS.API.DIRECT.GET.KV_desired-index.$KV.desired-index.${DEVICE}`,
  ],
  ['a contested device hears requests', 'contested', 'sub', `device.${DEVICE}.rpc.exec.*`],
  ['a contested device answers a page', 'contested', 'pub', `_INBOX.${viewer}.x`],
  ['a contested device shows a terminal', 'contested', 'pub', `term.${DEVICE}.${SID}.out`],
  ['a contested device hears what is typed', 'contested', 'sub', `term.${DEVICE}.${SID}.in.*`],
  ['a contested device sends a log', 'contested', 'pub', `log.${DEVICE}.${viewer}.${SID}.out`],
  ['a contested device shows a screen', 'contested', 'pub', `screen.${DEVICE}.${viewer}.${SID}.out`],
  ['a contested device speaks on the bus', 'contested', 'pub', `bus.${DEVICE}.person`],
  ['a contested device hears the bus', 'contested', 'sub', 'bus.>'],
  ['who answers devices calls one', 'identity', 'pub', 'rc.down.octavia'],
  ['who answers devices makes a request', 'identity', 'pub', `device.octavia.rpc.exec.${OTHER}`],
  ['who calls devices hears them', 'rotator', 'sub', 'rc.up.*'],
  ['who calls devices makes a request', 'rotator', 'pub', `device.octavia.rpc.exec.${OTHER}`],
  ["a device asks in another's name", 'device', 'pub', 'rc.up.shellfish'],
  ["a device hears another's calls", 'device', 'sub', 'rc.down.shellfish'],
  ['the hub makes a request', 'hub', 'pub', `device.octavia.rpc.exec.${OTHER}`],
])('S5 S14 S15 S70 refuses: %s', async (_, who, what, subject) => {
  const tries = [{ subject, allowed: false }];
  const denied = await (what === 'pub' ? publishAll : subscribeAll)(connections[who]!, tries);
  expect([...denied]).toEqual([subject]);
});

it('tries every actor of the table', () => {
  expect(Object.keys(ME).sort()).toEqual([...ACTORS].sort());
});

interface Try {
  subject: string;
  allowed: boolean;
}

/** The row with `{me}` as this actor's own token; where it grants nothing, also as the device's name. */
function fillings(row: PermissionRow, actor: TableActor): string[] {
  const withheld: Access[] = ['-', 'never'];
  const tokens = withheld.includes(row[actor]) ? [tokenOf(ME[actor]), DEVICE] : [tokenOf(ME[actor])];
  const { device, sid } = GRANT;
  const filled = (token: string) =>
    row.subject.replaceAll('{me}', token).replaceAll('{else}', 'somebody').replaceAll('{grant}', `${device}.${sid}`);
  return [...new Set(tokens.map(filled))];
}

const concrete = (subject: string): string => subject.replaceAll('*', 'x1').replace(/>$/, 'x2.x3');

const verdicts = (tries: Try[], denied: Set<string>) =>
  tries.map(({ subject }) => `${denied.has(subject) ? 'denied' : 'allowed'} ${subject}`);
const verdictsWanted = (tries: Try[]) => tries.map(({ subject, allowed }) => `${allowed ? 'allowed' : 'denied'} ${subject}`);

/** The server reports violations in order, before it answers the ping of the flush. */
async function publishAll(nc: NatsConnection, tries: Try[]): Promise<Set<string>> {
  const denied = new Set<string>();
  const status = nc.status();
  const listening = (async () => {
    for await (const event of status) {
      if (event.type === 'error' && event.error instanceof PermissionViolationError) denied.add(event.error.subject);
    }
  })();
  for (const { subject } of tries) nc.publish(subject);
  await nc.flush();
  (status as AsyncIterable<unknown> & { stop(): void }).stop();
  await listening;
  return denied;
}

async function subscribeAll(nc: NatsConnection, tries: Try[]): Promise<Set<string>> {
  const denied = new Set<string>();
  const subscriptions = tries.map(({ subject }) =>
    nc.subscribe(subject, {
      callback: (error) => {
        if (error) denied.add(subject);
      },
    }),
  );
  await nc.flush();
  for (const subscription of subscriptions) subscription.unsubscribe();
  await nc.flush();
  return denied;
}
