/** Every key of the fleet, made on the first start and kept as one 0600 file each in HOME/keys. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeHubCreds } from './hub-creds.ts';
import { createNkey, type Nkey, type NkeyKind, nkeyFromSeed } from './nkey.ts';

/** A key that signs users of the fleet's account. */
export interface SigningKey {
  key: Nkey;
  /** Public key of the account its users belong to. */
  account: string;
  /** True: its template in the account decides what its users may do. False: each user's JWT carries the list. */
  scoped: boolean;
}

/** What minting needs; with an existing cluster all three signing keys are the one handed over. */
export interface MintingKeys {
  device: SigningKey;
  people: SigningKey;
  hub: SigningKey;
}

export interface FleetKeys extends MintingKeys {
  /** Signs nothing but the operator's own JWT. */
  operator: Nkey;
  /** Signs account JWTs, and so revocations. */
  operatorSigning: Nkey;
  systemAccount: Nkey;
  /** Identity of the hub's account, which owns all storage; signs only the administrator's user. */
  fleetAccount: Nkey;
  /** Identity of the account of devices and browsers, which has no storage; signs nothing. */
  edgeAccount: Nkey;
  creds: { anchor: string; admin: string; system: string };
}

/** Creates what is missing and reads the rest; every process of the hub may call it. */
export async function loadOrCreateFleetKeys(keysDir: string): Promise<FleetKeys> {
  await mkdir(keysDir, { recursive: true, mode: 0o700 });
  await chmod(keysDir, 0o700);
  const load = (name: string, kind: NkeyKind) => loadOrCreate(join(keysDir, `${name}.seed`), kind);
  const [operator, operatorSigning, systemAccount, fleetAccount, edgeAccount, device, people, hub] = await Promise.all([
    load('operator', 'operator'),
    load('operator-signing', 'operator'),
    load('system-account', 'account'),
    load('fleet-account', 'account'),
    load('edge-account', 'account'),
    load('device-signing', 'account'),
    load('people-signing', 'account'),
    load('hub-signing', 'account'),
  ]);
  const keys: FleetKeys = {
    operator,
    operatorSigning,
    systemAccount,
    fleetAccount,
    edgeAccount,
    device: { key: device, account: edgeAccount.publicKey, scoped: true },
    people: { key: people, account: edgeAccount.publicKey, scoped: false },
    hub: { key: hub, account: fleetAccount.publicKey, scoped: true },
    creds: {
      anchor: join(keysDir, 'anchor.creds'),
      admin: join(keysDir, 'admin.creds'),
      system: join(keysDir, 'sys.creds'),
    },
  };
  await writeHubCreds(keys);
  return keys;
}

async function loadOrCreate(file: string, kind: NkeyKind): Promise<Nkey> {
  const key = createNkey(kind);
  try {
    await writeFile(file, `${key.seed}\n`, { mode: 0o600, flag: 'wx' });
    return key;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  try {
    return nkeyFromSeed(await readFile(file, 'utf8'), kind);
  } catch (cause) {
    throw new Error(
      `The key file ${file} cannot be read. Devices keep running, but nobody can sign in to NATS. Restore it from a backup of the keys folder.`,
      { cause },
    );
  }
}
