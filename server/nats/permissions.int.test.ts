import { jwtAuthenticator, type NatsConnection, nkeys, PermissionViolationError } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectNats } from './connect.ts';
import { mintDevice, mintViewer } from './mint.ts';
import {
  ACTORS,
  type Access,
  type Actor,
  PERMISSION_TABLE,
  type PermissionRow,
  type TableActor,
  tokenOf,
} from './permissions.ts';
import { provisionFleet } from './provision.ts';
import { startTestNats, type TestNats } from './test-server.ts';

const DEVICE = 'octavia';
const UID = 'tab12345';
const ME: Record<TableActor, Exclude<Actor, { kind: 'admin' }>> = {
  device: { kind: 'device', name: DEVICE },
  viewer: { kind: 'viewer', uid: UID },
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
    viewer: await connectViewer(),
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

function connectViewer(): Promise<NatsConnection> {
  const user = nkeys.createUser();
  const { jwt, inboxPrefix } = mintViewer(nats.keys, { publicKey: user.getPublicKey(), uid: UID, ttlMs: 600_000 });
  return connect({ servers: nats.url, inboxPrefix, authenticator: jwtAuthenticator(jwt, user.getSeed()) });
}

describe.each([
  ['device', 'device'],
  ['device', 'device with its own list'],
  ['viewer', 'viewer'],
  ['hub', 'hub'],
  ['system', 'system'],
] as const)('%s (%s)', (actor, connection) => {
  it('may publish exactly what the table says', async () => {
    const tries = PERMISSION_TABLE.flatMap((row) =>
      fillings(row, actor).map((subject) => ({
        subject: concrete(subject),
        allowed: row[actor] === 'pub' || row[actor] === 'both',
      })),
    );
    const denied = await publishAll(connections[connection]!, tries);
    expect(verdicts(tries, denied)).toEqual(verdictsWanted(tries));
  });

  it('may subscribe to exactly what the table says', async () => {
    const tries = PERMISSION_TABLE.flatMap((row) =>
      fillings(row, actor).map((subject) => ({ subject, allowed: row[actor] === 'sub' || row[actor] === 'both' })),
    );
    const denied = await subscribeAll(connections[connection]!, tries);
    expect(verdicts(tries, denied)).toEqual(verdictsWanted(tries));
  });
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
  return [...new Set(tokens.map((token) => row.subject.replaceAll('{me}', token).replaceAll('{else}', 'somebody')))];
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
