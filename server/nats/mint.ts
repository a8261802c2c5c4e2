/** Makes NATS users: a device with its key, or a browser tab that brought its own. */
import { subjects } from '#contracts/subjects.ts';
import { CONTESTED_TAG } from '#roadchain/messages.ts';
import type { MintingKeys } from './fleet-keys.ts';
import { encodeUserJwt, formatCreds } from './jwt.ts';
import { createNkey, type Nkey } from './nkey.ts';
import { type Actor, permissionsFor } from './permissions.ts';

/** A new key pair and the creds file of a device. The seed is in the creds and nowhere else. */
export function mintDevice(keys: MintingKeys, name: string): { publicKey: string; creds: string } {
  // Throws for a name like `*`, which would be a wildcard permission.
  subjects.inbox(name);
  const user = createNkey('user');
  const jwt = encodeUserJwt(
    {
      publicKey: user.publicKey,
      name,
      account: keys.device.account,
      ...(keys.device.scoped ? {} : { permissions: permissionsFor({ kind: 'device', name }) }),
    },
    keys.device.key,
  );
  return { publicKey: user.publicKey, creds: formatCreds(jwt, user.seed) };
}

export interface DeviceUser {
  name: string;
  publicKey: string;
  expiresAt: Date;
  /** Second after which it counts as made, where the key was refused: what was signed up to then is refused. */
  after?: number | undefined;
  /** It may say that it is there, and who it is. */
  contested?: boolean;
}

/** A user for a key that never leaves its device, until `expiresAt`. */
export function mintDeviceUser(keys: MintingKeys, { name, contested = false, ...user }: DeviceUser): string {
  subjects.inbox(name);
  // By the key that has no template: a fleet that is older than this needs no new one.
  const { key, account, scoped } = contested ? keys.people : keys.device;
  const kind = contested ? 'contested' : 'device';
  return encodeUserJwt(
    {
      ...user,
      name,
      account,
      ...(contested ? { tags: [CONTESTED_TAG] } : {}),
      ...(scoped ? {} : { permissions: permissionsFor({ kind, name }) }),
    },
    key,
  );
}

/** A user of the hub itself among the devices: the creds file's text. */
export function mintVoice(
  keys: MintingKeys,
  kind: 'identity' | 'rotator',
  { ttlMs, user = createNkey('user') }: { ttlMs: number; user?: Nkey },
): string {
  const jwt = encodeUserJwt(
    {
      publicKey: user.publicKey,
      name: kind,
      account: keys.people.account,
      permissions: permissionsFor({ kind }),
      connectionTypes: ['STANDARD'],
      expiresAt: new Date(Date.now() + ttlMs),
    },
    keys.people.key,
  );
  return formatCreds(jwt, user.seed);
}

/** A short-lived user for one browser tab, one run of the command line or the hub's recorder, whose key never leaves it. */
export function mintPerson(
  keys: MintingKeys,
  actor: Extract<Actor, { uid: string }>,
  { publicKey, ttlMs }: { publicKey: string; ttlMs: number },
): { jwt: string; expiresAt: Date; inboxPrefix: string } {
  const expiresAt = new Date(Date.now() + ttlMs);
  const inboxPrefix = subjects.inbox(actor.uid);
  const jwt = encodeUserJwt(
    {
      publicKey,
      name: actor.uid,
      account: keys.people.account,
      permissions: permissionsFor(actor),
      connectionTypes: ['STANDARD', 'WEBSOCKET'],
      expiresAt,
    },
    keys.people.key,
  );
  return { jwt, expiresAt, inboxPrefix };
}
