/** The operator's and the two accounts' JWTs: who may sign for the fleet, with which templates, and who is revoked. */
import type { FleetKeys } from './fleet-keys.ts';
import { encodeJwt, scopedKey } from './jwt.ts';
import { HUB_ID } from './permission-table.ts';
import { permissionsFor } from './permissions.ts';

/** Public user key -> second of the revocation. A JWT of that key issued up to then is refused. */
export type Revocations = Record<string, number>;

const UNLIMITED = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
const UNLIMITED_JETSTREAM = { mem_storage: -1, disk_storage: -1, streams: -1, consumer: -1 };

export const encodeOperatorJwt = (keys: FleetKeys): string =>
  encodeJwt(
    {
      sub: keys.operator.publicKey,
      name: 'scorewall',
      nats: {
        type: 'operator',
        signing_keys: [keys.operatorSigning.publicKey],
        system_account: keys.systemAccount.publicKey,
      },
    },
    keys.operator,
  );

export const encodeSystemAccountJwt = (keys: FleetKeys): string =>
  encodeJwt(
    { sub: keys.systemAccount.publicKey, name: 'SYS', nats: { type: 'account', limits: UNLIMITED } },
    keys.operatorSigning,
  );

/** The hub's account. It owns all storage and lets the other one ask for exactly two things and hear two more. */
export const encodeFleetAccountJwt = (keys: FleetKeys): string =>
  encodeJwt(
    {
      sub: keys.fleetAccount.publicKey,
      name: 'FLEET',
      nats: {
        type: 'account',
        limits: { ...UNLIMITED, ...UNLIMITED_JETSTREAM },
        signing_keys: [scopedKey(keys.hub.key.publicKey, HUB_ID, permissionsFor({ kind: 'hub' }))],
        exports: [
          ...DOWN_SERVICES.map((subject) => exported(subject, 'service')),
          ...DOWN.map((subject) => exported(subject, 'stream')),
        ],
        imports: UP.map((subject) => imported(subject, 'stream', keys.edgeAccount.publicKey)),
      },
    },
    keys.operatorSigning,
  );

/**
 * The account of devices and browsers, without storage. Whoever sends a request chooses where the answer goes, and NATS
 * checks no permission on it: in one account a device could have JetStream answer it on `$JS.API.STREAM.DELETE.<any>`.
 */
export const encodeEdgeAccountJwt = (keys: FleetKeys, revocations: Revocations): string =>
  encodeJwt(
    {
      sub: keys.edgeAccount.publicKey,
      name: 'EDGE',
      nats: {
        type: 'account',
        limits: UNLIMITED,
        signing_keys: [
          scopedKey(keys.device.key.publicKey, 'device', permissionsFor({ kind: 'device' })),
          keys.people.key.publicKey,
        ],
        exports: UP.map((subject) => exported(subject, 'stream')),
        imports: [
          ...DOWN_SERVICES.map((subject) => imported(subject, 'service', keys.fleetAccount.publicKey)),
          ...DOWN.map((subject) => imported(subject, 'stream', keys.fleetAccount.publicKey)),
        ],
        ...(Object.keys(revocations).length > 0 ? { revocations } : {}),
      },
    },
    keys.operatorSigning,
  );

/** From devices to the hub. */
const UP = ['status.*', 'event.*'];
/** From the hub to devices and browsers. */
const DOWN = ['desired-state.>', 'wall.>'];
/** What devices may ask the storage for; their permissions narrow it to their own keys. */
const DOWN_SERVICES = [
  '$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.>',
  '$JS.API.DIRECT.GET.KV_desired-index.$KV.desired-index.*',
];

const exported = (subject: string, type: 'stream' | 'service') => ({
  name: subject,
  subject,
  type,
  ...(type === 'service' ? { response_type: 'Singleton' } : {}),
});
const imported = (subject: string, type: 'stream' | 'service', account: string) => ({ name: subject, subject, type, account });
