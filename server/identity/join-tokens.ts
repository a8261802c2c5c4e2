/** Join tokens: each lets one device in, once. Its secret is shown once and kept nowhere; the hub has its SHA-256. */
import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { JoinStageReport, JoinTokenRequest, JoinView, NewJoin } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { toBase64url } from '#roadchain/bytes.ts';
import { headPoint } from '#roadchain/device-view.ts';
import { encodeJoinToken } from '#roadchain/join-token.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { tokenKey } from '#roadchain/proofs.ts';
import { audited } from '../audit/audited.ts';
import type { Context, Hub, Verb } from '../hub.ts';
import { bootFile, joinLine } from '../install/join-line.ts';
import { RevisionConflict } from '../kv/store.ts';
import { toJoinView } from './join-view.ts';
import { IDENTITY_KEY, type JoinRecord } from './records.ts';

export interface MakeJoin extends z.infer<typeof JoinTokenRequest> {
  /** Where the hub answers, as the browser sees it. */
  url: string;
}

const DEFAULT_MINUTES = 60;
const MOST_TOKENS = 1_000;
/** A token that was used answers its own device again for as long after its end; a dialog shows how it went. */
const KEPT_AFTER_MS = 3_600_000;

/** By the name of the device, or by the id of the token where there is none. */
export const createJoinToken = audited<MakeJoin, NewJoin>('join-token.create', ({ name }) => name ?? '', makeJoin);

export async function makeJoin({ ctx: { hub, actor }, input }: Parameters<Verb<MakeJoin, NewJoin>>[0]): Promise<NewJoin> {
  const { anchor, buckets } = hub.identity;
  const { name, labels = {}, approval = false, minutes = DEFAULT_MINUTES, url, readmit = false } = input;
  await hub.identity.ledger.whenRead;
  const after = placeOf(hub, name, readmit);
  if ((await buckets.joins.list(IDENTITY_KEY.joins)).length >= MOST_TOKENS) throw tooMany();
  const tid = randomBytes(8).toString('hex');
  const secret = toBase64url(nodeCrypto.random(32));
  const now = Date.now();
  const expiresAtMs = now + minutes * 60_000;
  const record: JoinRecord = {
    tid,
    key: toBase64url(tokenKey(nodeCrypto, secret)),
    ...(name ? { name } : {}),
    labels,
    ...(after ? { after } : {}),
    approval: approval ? 'needed' : 'not-needed',
    createdAt: new Date(now).toISOString(),
    createdBy: actor.user,
    expiresAt: new Date(expiresAtMs).toISOString(),
    stage: 'waiting',
  };
  await storeJoin(hub, record, 0);
  const pin = url.startsWith('https:') ? hub.identity.tlsPin : undefined;
  const token = encodeJoinToken(
    {
      url,
      fleet: anchor.fleet,
      tid,
      ...(name ? { name } : {}),
      exp: Math.floor(expiresAtMs / 1000),
      anchor: anchor.publicKey,
      ...(after ? { after } : {}),
      ...(pin ? { pin } : {}),
    },
    secret,
  );
  const carried = { url, token, pin };
  return { join: toJoinView(hub, record), token, line: joinLine(carried), bootFile: bootFile(carried) };
}

/** Where the chain of this name goes on; undefined: a new one begins. */
function placeOf({ identity: { ledger }, fleet }: Hub, name: string | undefined, readmit: boolean) {
  const view = name === undefined ? undefined : ledger.viewOf(name);
  if (!view) return undefined;
  // A device that was removed and comes back under its name goes on where it stopped.
  const mayGoOn = view.standing !== 'active' && (readmit || !fleet.devices.entries.has(name!));
  if (!mayGoOn)
    throw new ProblemError(
      'conflict',
      `${displayName(name!)} is on the wall already, with an identity of its own.`,
      view.standing === 'active'
        ? 'Nothing has changed. Choose another name; or keep it out first, then take it back.'
        : 'Nothing has changed. Choose another name, or take it back on its page.',
    );
  const { head, epoch } = headPoint(view);
  return { head, epoch };
}

/** Until it is forgotten by itself. */
function storeJoin({ identity }: Hub, record: JoinRecord, expectedRevision: number): Promise<number> {
  const ttlSeconds = (Date.parse(record.expiresAt) + KEPT_AFTER_MS - Date.now()) / 1000;
  return identity.buckets.joins.put(IDENTITY_KEY.join(record.tid), record, { expectedRevision, ttlSeconds });
}

/** `change` may throw to refuse. undefined: there is no such token. */
export async function changeJoin(
  hub: Hub,
  tid: string,
  change: (before: JoinRecord) => JoinRecord,
): Promise<JoinRecord | undefined> {
  for (;;) {
    const entry = await hub.identity.buckets.joins.get(IDENTITY_KEY.join(tid));
    if (!entry) return undefined;
    const record = change(entry.value);
    try {
      await storeJoin(hub, record, entry.revision);
      return record;
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
    }
  }
}

export async function listJoins({ ctx: { hub } }: { ctx: Context }): Promise<JoinView[]> {
  const records = await hub.identity.buckets.joins.list(IDENTITY_KEY.joins);
  return records.map(({ value }) => toJoinView(hub, value)).sort((a, b) => b.createdAt.localeCompare(a.createdAt));
}

export const withdrawJoin = audited<{ tid: string }, void>(
  'join-token.withdraw',
  ({ tid }) => tid,
  async ({ ctx: { hub }, input: { tid } }) => {
    const { joins } = hub.identity.buckets;
    if (!TID.test(tid) || !(await joins.get(IDENTITY_KEY.join(tid)))) throw noSuchToken();
    await joins.delete(IDENTITY_KEY.join(tid), { ttlSeconds: 3_600 });
  },
);

export const approveJoin = audited<{ tid: string }, JoinView>(
  'join-token.approve',
  ({ tid }) => tid,
  async ({ ctx: { hub }, input: { tid } }) => {
    const record = TID.test(tid)
      ? await changeJoin(hub, tid, (before) => {
          if (before.approval !== 'needed' || !before.bound) throw nothingToApprove();
          return { ...before, approval: 'given' };
        })
      : undefined;
    if (!record) throw noSuchToken();
    return toJoinView(hub, record);
  },
);

/** Anybody may say it, so it is believed for show alone, and never undoes what the hub knows itself. */
export async function reportStage({
  ctx: { hub },
  input: { tid, stage, message },
}: {
  ctx: Context;
  input: z.infer<typeof JoinStageReport>;
}): Promise<void> {
  const record = await changeJoin(hub, tid, (known) => {
    if (known.bound || Date.now() > Date.parse(known.expiresAt)) throw noSuchToken();
    const { message: _before, ...kept } = known;
    return { ...kept, stage, ...(message ? { message } : {}) };
  });
  if (!record) throw noSuchToken();
}

const TID = /^[0-9a-f]{16}$/;

const noSuchToken = () =>
  new ProblemError(
    'not-found',
    'There is no such join token, or it is over.',
    'Nothing has changed. Make a new line with: Add a device.',
  );
const nothingToApprove = () =>
  new ProblemError('conflict', 'No device waits with this token.', 'Nothing has changed. Run the line on the device first.');
const tooMany = () =>
  new ProblemError(
    'conflict',
    `There are ${MOST_TOKENS} join tokens already.`,
    'Nothing has changed. Withdraw some, or wait until they end.',
  );
