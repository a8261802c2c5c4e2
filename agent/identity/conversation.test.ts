import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fromBase64url, toBase64url } from '#roadchain/bytes.ts';
import { headOf, linkHash, readBody, sealLink } from '#roadchain/chain.ts';
import { deviceNowMs } from '#roadchain/device-state.ts';
import type { ProposedLink } from '#roadchain/link.ts';
import type { UpAnswer, UpRequest } from '#roadchain/messages.ts';
import { nodeCrypto as crypto } from '#roadchain/node/crypto.ts';
import { anchorPk, anchorSeed, DEV, firstEpoch, fleet, nonce, place } from '#roadchain/node/test-chain.ts';
import { signProof, signReach } from '#roadchain/proofs.ts';
import { createLogger } from '../log.ts';
import { AnchorRefused } from './anchor-line.ts';
import { AnswerFalse, deviceStateOf } from './chain-steps.ts';
import { converse, type Line, LostWrite } from './conversation.ts';
import { DeviceIdentity } from './device-identity.ts';
import { HubUnreachable } from './hub-client.ts';
import type { IdentityState } from './identity-state.ts';
import { IdentityStore } from './identity-store.ts';
import { userPublicKey } from './nkey-text.ts';

const log = createLogger({ level: 'error', format: 'json', write: () => undefined });
const { seed, link } = firstEpoch();
const chain = {
  ...{ device: DEV, fleet, anchor: anchorPk, hub: { url: 'https://hub' }, tid: '0'.repeat(16), jwt: '', nats: { urls: [] } },
  ...{ epoch: 0, head: headOf(crypto, link), seed: toBase64url(seed), links: [link] },
};
const START: IdentityState = { v: 1, timeFloorMs: 0, chain };
const jwtFor = ({ body }: { body: string }) => {
  const sub = userPublicKey(fromBase64url(readBody({ body }).pk));
  return `.${Buffer.from(JSON.stringify({ sub })).toString('base64url')}.`;
};

let folder: string;
let store: IdentityStore;
let identity: DeviceIdentity;
let asked: UpRequest[];
let proposed: ProposedLink;
/** In place of what a good hub says. */
let lies: Partial<Record<UpRequest['op'], (request: never) => UpAnswer>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sw-conversation-'));
  store = new IdentityStore(folder, log);
  await store.replace(START);
  identity = new DeviceIdentity(store, log, () => undefined);
  await identity.load();
  asked = [];
  lies = {};
});
afterEach(() => rm(folder, { recursive: true }));

async function ask(request: UpRequest): Promise<UpAnswer> {
  asked.push(request);
  if (request.op === 'prepare') {
    proposed = request;
    // Nobody hears of it before it is on the disk.
    expect(deviceStateOf(await store.reread()).pending?.link).toEqual({ ...proposed, op: undefined });
  }
  const lie = lies[request.op];
  return lie ? lie(request as never) : honest(request);
}
function honest(request: UpRequest): UpAnswer {
  const at = new Date().toISOString();
  switch (request.op) {
    case 'hello':
      return { op: 'challenge', an: nonce(), at };
    case 'prove':
      return { op: 'proved', an: nonce(), jwt: jwtFor(proved()), rotate: { req: 'r1', an: nonce(), cause: 'scheduled' } };
    case 'prepare':
      return { op: 'prepared', link: linkHash(crypto, request), an: nonce(), settleMs: 0 };
    case 'commit':
      return { op: 'committed', link: sealLink(crypto, anchorSeed, proposed, place(asked.length)), jwt: jwtFor(proposed) };
    case 'tick':
      return { op: 'ticked', an: nonce(), at };
  }
}
const proved = () => identity.state!.chain!.links.at(-1)!;
const say = (line: Partial<Line> = {}) =>
  converse(
    identity,
    { kind: 'connected' },
    { ask, mark: () => undefined, wait: async () => undefined, leaves: (isNewKey) => isNewKey, ...line },
  );
const ops = () => asked.map(({ op }) => op);

it('keeps each step before anybody hears of it, and leaves with its next key and the credentials of that', async () => {
  expect(await say()).toMatchObject({ renewed: true });
  expect(ops()).toEqual(['hello', 'prove', 'prepare', 'commit']);
  const kept = await store.reread();
  expect(kept?.chain).toMatchObject({ epoch: 1, jwt: jwtFor(proposed), links: [link, {}] });
  expect(kept?.pending).toBeUndefined();
  expect(deviceNowMs(kept!, 0)).toBe(Date.parse(place(0).at));
});

it('takes where NATS is from the anchor alone, for this question alone, and keeps where it was', async () => {
  const reach = { urls: ['tls://elsewhere:4222'], ca: 'PEM' };
  const said = (signed: (an: string) => string) => {
    lies = {
      prove: ({ an }: Extract<UpRequest, { op: 'prove' }>) => ({
        ...(honest({ op: 'prove' } as never) as Extract<UpAnswer, { op: 'proved' }>),
        rotate: undefined,
        nats: { ...reach, sig: signed(an) },
      }),
    };
    return say();
  };
  const sign = (seed: Uint8Array, an: string, dev = DEV) => signReach(crypto, seed, { dev, an }, reach);
  for (const forged of [
    (an: string) => sign(crypto.random(32), an),
    () => sign(anchorSeed, nonce()),
    (an: string) => sign(anchorSeed, an, 'other'),
    (an: string) => signReach(crypto, anchorSeed, { dev: DEV, an }, { urls: reach.urls }),
  ]) {
    await said(forged);
    expect((await store.reread())?.chain?.nats).toEqual({ urls: [] });
  }
  for (let time = 0; time < 2; time++) {
    await said((an) => sign(anchorSeed, an));
    expect((await store.reread())?.chain?.nats).toEqual({ ...reach, before: { urls: [] } });
  }
});

it('commits nothing that its card has not kept', async () => {
  await expect(say({ wait: () => store.replace(START) })).rejects.toThrow(LostWrite);
  expect(ops()).toEqual(['hello', 'prove', 'prepare']);
});

it.each<[string, () => UpAnswer]>([
  ['credentials of another key', () => ({ ...(honest({ op: 'commit' } as never) as object), jwt: jwtFor(link) }) as never],
  ['the link it had', () => ({ op: 'committed', link, jwt: jwtFor(link) })],
  [
    'the seal of another anchor',
    () => ({ op: 'committed', link: sealLink(crypto, crypto.random(32), proposed, place(1)), jwt: jwtFor(proposed) }),
  ],
])('S28 stays as it is where the hub answers with %s, and goes on once it does not', async (_, lie) => {
  lies = { commit: lie };
  await expect(say()).rejects.toThrow(AnswerFalse);
  const kept = await store.reread();
  expect(kept).toMatchObject({ chain: { epoch: 0, seed: chain.seed }, pending: { body: proposed.body } });
  lies = {};
  expect(await say()).toMatchObject({ renewed: true });
  expect((await store.reread())?.chain?.seed).toBe(kept?.pending?.seed);
});

it('knows a refusal by the anchor from one by anybody, and an answer from one to another question', async () => {
  const refused = (sig?: string) => ({ op: 'refused' as const, code: 'stale' as const, message: 'No.', sig });
  lies = { prove: () => refused() };
  await expect(say()).rejects.toMatchObject({ name: 'AnchorRefused', code: 'stale', signed: false });
  lies = {
    prove: ({ an }: Extract<UpRequest, { op: 'prove' }>) =>
      refused(signProof(crypto, anchorSeed, 'refused', { code: 'stale', about: an })),
  };
  await expect(say()).rejects.toMatchObject({ name: AnchorRefused.name, signed: true });
  lies = { hello: () => ({ op: 'ticked', an: nonce(), at: '' }) };
  await expect(say()).rejects.toThrow(HubUnreachable);
});

it('ends also where a hub orders one key after the other', async () => {
  await expect(say({ leaves: () => false })).rejects.toThrow(/come to no end/);
  expect(asked.length).toBeLessThanOrEqual(20);
});
