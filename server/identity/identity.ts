/** What the verbs about identity work with. Every anchor has one; what only one anchor may do is in `lead-identity.ts`. */
import { createHash, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { BUCKET } from '#contracts/buckets.ts';
import type { ChainPoint } from '#roadchain/chain.ts';
import { headPoint } from '#roadchain/device-view.ts';
import { AccountGuard, type AccountGuardOptions } from '#server/nats/account-guard.ts';
import { BucketView } from '../kv/bucket-view.ts';
import type { Store } from '../kv/store.ts';
import { type AnchorKey, loadOrCreateAnchorKey } from './anchor-key.ts';
import { Ledger } from './ledger.ts';
import { natsKeyOf } from './mint-for.ts';
import { RateLimit } from './rate-limit.ts';
import { type IdentityBuckets, openIdentityBuckets, RotateRecord } from './records.ts';
import { type IdentitySettings, readIdentitySettings } from './settings.ts';

export interface Identity {
  anchor: AnchorKey;
  settings: IdentitySettings;
  buckets: IdentityBuckets;
  ledger: Ledger;
  guard: AccountGuard;
  /** The leader's own copy of the newest checkpoint. */
  checkpointFile: string;
  /** Devices that are being kept out at this moment: they get no credentials while that is written down. */
  leaving: Set<string>;
  /** What devices are asked for, by `rotate.<device>`. */
  asked: BucketView<RotateRecord>;
  /** Told the key of each new one; the leader sets it. */
  onAsked(key: string): void;
  /** Told in words what was put right about the account on NATS. */
  onRestored(what: string): void;
  /** Failures of enrolment, by address. */
  enrolLimit: RateLimit;
  /** Questions without credentials, by address, and about one device; and those of a device that is connected. */
  askLimit: RateLimit;
  strangerLimit: RateLimit;
  deviceLimit: RateLimit;
  /** SHA-256 of the hub's TLS key (SPKI), base64, where its certificate is its own. */
  tlsPin: string | undefined;
  /** Nobody could be heard before this moment. */
  aliveSinceMs: number;
}

export interface OpenIdentityParts {
  home: string;
  env: Record<string, string | undefined>;
  store: Store;
  log: Logger;
  power: Pick<AccountGuardOptions, 'account' | 'sys' | 'operatorSigning' | 'encode'>;
}

export async function openIdentity({ home, env, store, log, power }: OpenIdentityParts): Promise<Identity> {
  const anchor = await loadOrCreateAnchorKey(env.SCOREWALL_ANCHOR_KEY_FILE || join(home, 'keys', 'anchor-identity.seed'));
  const buckets = openIdentityBuckets(store);
  const identity: Identity = {
    anchor,
    settings: readIdentitySettings(env),
    buckets,
    ledger: new Ledger({ store, anchor, log, path: join(home, 'ledger.jsonl') }),
    guard: new AccountGuard({ ...power, keys: refusedKeysIn(buckets), onRestored: (what) => identity.onRestored(what), log }),
    checkpointFile: join(home, 'checkpoint.json'),
    leaving: new Set(),
    asked: new BucketView(
      store,
      BUCKET.identity,
      (key, message) => (key.startsWith('rotate.') ? RotateRecord.safeParse(JSON.parse(message.text())).data : undefined),
      (key) => identity.onAsked(key),
    ),
    onAsked: () => {},
    onRestored: () => {},
    enrolLimit: new RateLimit({ burst: 10, perSecond: 0.2 }),
    askLimit: new RateLimit({ burst: 60, perSecond: 2 }),
    strangerLimit: new RateLimit({ burst: 60, perSecond: 5 }),
    deviceLimit: new RateLimit({ burst: 60, perSecond: 5 }),
    tlsPin: await readPin(join(home, 'keys', 'server.pem')),
    aliveSinceMs: Date.now(),
  };
  return identity;
}

/** Keys by which a device may be connected: of its newest link, and of the one before, whose connection may still stand. */
export const connectionKeysOf = ({ ledger }: Pick<Identity, 'ledger'>): { name: string; publicKey: string }[] =>
  ledger.views().flatMap(({ dev, chain }) => chain.slice(-2).map((point) => ({ name: dev, publicKey: keyOf(point) })));

/** Written anew each time it would be most of the work of looking at a thousand devices. */
const written = new WeakMap<ChainPoint, string>();
function keyOf(point: ChainPoint): string {
  const key = written.get(point) ?? natsKeyOf(point.pk);
  written.set(point, key);
  return key;
}

/** Whether the device has been asked for its next key and has not given it. */
export function isRotating({ asked, ledger }: Pick<Identity, 'asked' | 'ledger'>, device: string): boolean {
  const view = ledger.viewOf(device);
  return view !== undefined && asked.entries.get(`rotate.${device}`)?.head === headPoint(view).head;
}

const refusedKeysIn = ({ revokedKeys }: IdentityBuckets): AccountGuardOptions['keys'] => ({
  list: async () =>
    (await revokedKeys.list('revoked.*')).map(({ key, value }) => ({ publicKey: key.slice('revoked.'.length), ...value })),
  put: async ({ publicKey, at, untilMs }) => {
    await revokedKeys.put(`revoked.${publicKey}`, { at, ...(untilMs === undefined ? {} : { untilMs }) });
  },
  delete: async (publicKey) => {
    await revokedKeys.delete(`revoked.${publicKey}`, { ttlSeconds: 3_600 });
  },
});

async function readPin(certificateFile: string): Promise<string | undefined> {
  const pem = await readFile(certificateFile).catch(() => undefined);
  if (!pem) return undefined;
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(key).digest('base64');
}
