/** The hub's own three NATS users as creds files: the anchor, the administrator for scripts, and the system user. */
import { randomBytes } from 'node:crypto';
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { FleetKeys, MintingKeys } from './fleet-keys.ts';
import { encodeUserJwt, formatCreds, parseCreds } from './jwt.ts';
import { createNkey, type Nkey, nkeyFromSeed } from './nkey.ts';
import { HUB_ID } from './permission-table.ts';
import { permissionsFor } from './permissions.ts';

/** The anchor's user. With an unscoped signing key its permissions travel in the JWT. */
export const encodeHubJwt = (keys: MintingKeys, publicKey: string): string =>
  encodeUserJwt(
    {
      publicKey,
      name: HUB_ID,
      account: keys.hub.account,
      ...(keys.hub.scoped ? {} : { permissions: permissionsFor({ kind: 'hub' }) }),
    },
    keys.hub.key,
  );

/** Writes all three anew at each start, so that they follow the permission table; each user keeps its key. */
export async function writeHubCreds(keys: FleetKeys): Promise<void> {
  const account = keys.fleetAccount.publicKey;
  const system = keys.systemAccount.publicKey;
  await Promise.all([
    writeCreds(keys.creds.anchor, ({ publicKey }) => encodeHubJwt(keys, publicKey)),
    writeCreds(keys.creds.admin, ({ publicKey }) =>
      encodeUserJwt({ publicKey, name: 'admin', account, permissions: permissionsFor({ kind: 'admin' }) }, keys.fleetAccount),
    ),
    writeCreds(keys.creds.system, ({ publicKey }) =>
      encodeUserJwt(
        { publicKey, name: 'system', account: system, permissions: permissionsFor({ kind: 'system' }) },
        keys.systemAccount,
      ),
    ),
  ]);
}

async function writeCreds(file: string, encode: (user: Nkey) => string): Promise<void> {
  const user = await readUser(file);
  const temporary = `${file}.${randomBytes(4).toString('hex')}`;
  await writeFile(temporary, formatCreds(encode(user), user.seed), { mode: 0o600 });
  await rename(temporary, file);
}

async function readUser(file: string): Promise<Nkey> {
  try {
    return nkeyFromSeed(parseCreds(await readFile(file, 'utf8')).seed, 'user');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return createNkey('user');
    throw error;
  }
}
