import { createUser } from '@nats-io/nkeys';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { identify } from '../auth/identify.ts';
import { mintNatsCredentials } from '../auth/mint-nats-credentials.ts';
import type { TestAnchor, TestHub } from '../test-anchor.ts';
import { fromSomewhere, guestLink, joinAs, startPeopleHub } from '../test-people.ts';

let hub: TestHub;
let anchor: TestAnchor;

beforeAll(async () => {
  ({ hub, anchor } = await startPeopleHub());
});
afterAll(() => hub?.stop());

it('nobody keeps a right who asked for a live connection while their role changed', async () => {
  const sam = await joinAs(anchor, 'sam', 'operator');
  const { hub: parts } = anchor.anchor;
  // As the request saw it before the change, and went on with after it.
  const identity = (await identify(parts, { cookie: sam.cookie }))!;
  const mint = () => {
    const publicKey = createUser().getPublicKey();
    return mintNatsCredentials({ ctx: { hub: parts, actor: identity.actor }, input: { publicKey, identity } });
  };
  await mint();
  expect((await anchor.call('PATCH', '/people/sam', { json: { role: 'viewer' } })).status).toBe(200);
  await expect(mint()).rejects.toThrow('has just changed');
  expect((await anchor.call('DELETE', '/people/sam')).status).toBe(204);
  await expect(mint()).rejects.toThrow('has just changed');
});

it('a session has a bounded number of live connections in a quarter of an hour, and refusing more leaves no trace', async () => {
  const sam = await joinAs(anchor, 'kim', 'viewer');
  const { store } = anchor.anchor.hub;
  const statuses = new Set<number>();
  for (let round = 0; round < 13; round++) {
    const replies = await Promise.all(
      Array.from({ length: 20 }, () =>
        sam.call('POST', '/nats-credentials', { json: { publicKey: createUser().getPublicKey() } }),
      ),
    );
    for (const { status } of replies) statuses.add(status);
  }
  expect([...statuses].sort()).toEqual([200, 429]);
  const before = (await store.manager.streams.info('AUDIT')).state.messages;
  await sam.call('POST', '/nats-credentials', { json: { publicKey: createUser().getPublicKey() } });
  expect((await store.manager.streams.info('AUDIT')).state.messages).toBe(before);
});

it('a link for guests opens a bounded number of sessions', async () => {
  const token = await guestLink(anchor, 'octavia', '0123456789abcdef01234567');
  const other = await guestLink(anchor, 'octavia', '0123456789abcdef01234568');
  const enter = async (secret: string) =>
    (await anchor.raw('POST', '/guest', { json: { token: secret }, headers: fromSomewhere() })).status;
  for (let count = 0; count < 50; count++) expect(await enter(token)).toBe(200);
  expect(await enter(token)).toBe(429);
  expect(await enter(other)).toBe(200);
});
