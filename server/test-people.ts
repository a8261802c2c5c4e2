/** People of every kind on a test anchor, made the way real ones are: by links, invites and codes. */
import { jwtAuthenticator, type NatsConnection, PermissionViolationError } from '@nats-io/nats-core';
import { createUser } from '@nats-io/nkeys';
import { connect } from '@nats-io/transport-node';
import type { GivenGrants, Role } from '#contracts/access.ts';
import { readStream } from './kv/follow-stream.ts';
import { startTestHub, type TestAnchor, type TestCall, type TestHub, type TestReply } from './test-anchor.ts';
import { TestBuckets } from './test-fleet.ts';

export const PASSWORD = 'correct horse battery';

/** Calls the API with one session, as a page of the hub does. */
export class TestSession {
  readonly #anchor: TestAnchor;
  readonly cookie: string;

  constructor(anchor: TestAnchor, headers: Headers) {
    this.#anchor = anchor;
    this.cookie = /^scorewall=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1] ?? '';
  }

  call = (method: string, path: string, call: TestCall = {}): Promise<TestReply> =>
    this.#anchor.raw(method, path, {
      ...(method === 'GET' ? {} : { json: {} }),
      ...call,
      headers: { cookie: `scorewall=${this.cookie}`, origin: this.#anchor.url, ...call.headers },
    });

  /** 200 or 401. */
  status = async () => (await this.call('GET', '/session')).status;
}

export async function makeOwner(hub: TestHub): Promise<TestSession> {
  const made = await hub.first.raw('POST', '/owner', { json: { token: await hub.ownerSecret(), password: PASSWORD } });
  return new TestSession(hub.first, made.headers);
}

interface PeopleHub {
  hub: TestHub;
  anchor: TestAnchor;
  owner: TestSession;
  buckets: TestBuckets;
}

/** A hub that has its owner and one device, `octavia`. */
export async function startPeopleHub(): Promise<PeopleHub> {
  const hub = await startTestHub();
  try {
    const { first: anchor, admin } = hub;
    const owner = await makeOwner(hub);
    await anchor.call('POST', '/devices', { json: { name: 'octavia' } });
    return { hub, anchor, owner, buckets: new TestBuckets(admin) };
  } catch (error) {
    await hub.stop();
    throw error;
  }
}

let samsMade = 0;
/** Nobody was called so before. */
export const newName = (): string => `sam-${++samsMade}`;

export const secretOf = (url: string): string => new URL(url).hash.slice(1);

/** With roles for the devices that carry some labels. */
export async function joinWith(anchor: TestAnchor, name: string, grants: GivenGrants): Promise<TestSession> {
  const reply = await anchor.call('POST', '/invites', { json: { name, grants } });
  if (reply.status !== 201) throw new Error(`${name} was not invited: ${reply.text}`);
  return joinBy(anchor, name, secretOf(reply.body.url));
}

async function joinBy(anchor: TestAnchor, name: string, token: string): Promise<TestSession> {
  const joined = await anchor.raw('POST', '/join', { json: { token, password: PASSWORD }, headers: fromSomewhere() });
  if (joined.status !== 200) throw new Error(`${name} could not join: ${joined.text}`);
  return new TestSession(anchor, joined.headers);
}

/** Invited by the owner's token, unless somebody else does it. */
export async function invite(anchor: TestAnchor, name: string, role: Exclude<Role, 'owner'>, by?: TestSession): Promise<string> {
  const reply = await (by ?? anchor).call('POST', '/invites', { json: { name, role } });
  if (reply.status !== 201) throw new Error(`${name} was not invited: ${reply.text}`);
  return secretOf(reply.body.url);
}

let sources = 0;
/** Everybody comes from an address of their own, so that nobody waits for somebody else's mistakes. */
export const fromSomewhere = () => {
  sources += 1;
  return { 'x-forwarded-for': `198.18.${sources >> 8}.${sources & 255}` };
};

export async function joinAs(
  anchor: TestAnchor,
  name: string,
  role: Exclude<Role, 'owner'>,
  by?: TestSession,
): Promise<TestSession> {
  return joinBy(anchor, name, await invite(anchor, name, role, by));
}

export async function guestLink(anchor: TestAnchor, device: string, sid: string, by?: TestSession): Promise<string> {
  const reply = await (by ?? anchor).call('POST', '/guest-links', { json: { device, sid } });
  if (reply.status !== 201) throw new Error(`There is no link for a guest: ${reply.text}`);
  return secretOf(reply.body.url);
}

export async function guest(anchor: TestAnchor, token: string): Promise<TestSession> {
  const entered = await anchor.raw('POST', '/guest', { json: { token }, headers: fromSomewhere() });
  return new TestSession(anchor, entered.headers);
}

export async function pairTv(anchor: TestAnchor, title: string, wall = 'main'): Promise<TestSession> {
  const { body } = await anchor.raw('POST', '/tv-pairings', { json: {}, headers: fromSomewhere() });
  await anchor.call('POST', `/tv-pairings/${body.code}/approve`, { json: { title, wall } });
  const claimed = await anchor.raw('POST', `/tv-pairings/${body.code}/claim`, {
    json: { secret: body.secret },
    headers: fromSomewhere(),
  });
  return new TestSession(anchor, claimed.headers);
}

const TAB = '0123456789abcdef';

export interface Line {
  connection: NatsConnection;
  uid: string;
  /** With the same key and the same JWT, as somebody would who kept them. */
  reconnect(url: string): Promise<NatsConnection>;
}

/** The live connection of a page, always of the same tab. */
export async function connectPerson(hub: TestHub, session: Pick<TestSession, 'call'>): Promise<Line> {
  const user = createUser();
  const { body } = await session.call('POST', '/nats-credentials', { json: { publicKey: user.getPublicKey(), tab: TAB } });
  const open = (servers: string) =>
    connect({
      servers,
      authenticator: jwtAuthenticator(body.jwt, user.getSeed()),
      inboxPrefix: body.inboxPrefix,
      reconnect: false,
    });
  return { connection: await open(hub.nats.url), uid: body.uid, reconnect: open };
}

/** The server reports a violation before it answers the ping of the flush. */
export async function mayPublish({ connection }: Line, subject: string): Promise<boolean> {
  let refused = false;
  const status = connection.status();
  const listening = (async () => {
    for await (const event of status)
      if (event.type === 'error' && event.error instanceof PermissionViolationError) refused ||= event.error.subject === subject;
  })();
  connection.publish(subject);
  await connection.flush();
  (status as AsyncIterable<unknown> & { stop(): void }).stop();
  await listening;
  return !refused;
}

export async function readAudit(anchor: TestAnchor): Promise<{ actions: Set<string>; text: string }> {
  const messages = await readStream(anchor.anchor.hub.store, 'AUDIT', { filter: 'audit.>', include: 'all' });
  const texts = messages.map((message) => message.text());
  const actions = texts.map((text) => JSON.parse(text) as { action: string; result: string });
  return { actions: new Set(actions.map(({ action, result }) => `${action} ${result}`)), text: texts.join('\n') };
}
