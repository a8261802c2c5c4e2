/** Writes the embedded nats-server's configuration: operator mode, full resolver, and the settings that matter. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import {
  encodeEdgeAccountJwt,
  encodeFleetAccountJwt,
  encodeOperatorJwt,
  encodeSystemAccountJwt,
  type Revocations,
} from './account-claims.ts';
import { type FleetKeys, loadOrCreateFleetKeys } from './fleet-keys.ts';
import { readJwt } from './jwt.ts';

export interface ServerConfigOptions {
  /** The hub's home folder; keys and data live below it. */
  home: string;
  /** Where devices connect. */
  natsPort: number;
  /** Address devices connect to, loopback unless given. */
  host?: string;
  /** Websocket listener, always on loopback: the web front is the only way to it. */
  wsPort: number;
  /** Monitoring, always on loopback. */
  monitorPort: number;
  /** Certificate for devices that come over the network. */
  tls?: { certFile: string; keyFile: string };
  /** Origins a browser may come from; without them only the origin the page itself was loaded from. */
  webOrigins?: string[];
}

export interface WrittenServerConfig {
  /** For `nats-server --config`. */
  file: string;
  keys: FleetKeys;
}

const MEBIBYTE = 1024 * 1024;

export async function writeServerConfig(options: ServerConfigOptions): Promise<WrittenServerConfig> {
  const home = resolve(options.home);
  const folder = join(home, 'nats');
  const jwtDir = join(folder, 'jwt');
  await mkdir(jwtDir, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  const keys = await loadOrCreateFleetKeys(join(home, 'keys'));
  const revocations = await readRevocations(jwtDir, keys.edgeAccount.publicKey);

  const config = {
    server_name: `scorewall-${keys.fleetAccount.publicKey.slice(1, 9).toLowerCase()}`,
    host: options.host ?? '127.0.0.1',
    port: options.natsPort,
    http: `127.0.0.1:${options.monitorPort}`,
    ...(options.tls ? { tls: { cert_file: options.tls.certFile, key_file: options.tls.keyFile } } : {}),
    websocket: {
      host: '127.0.0.1',
      port: options.wsPort,
      no_tls: true,
      compression: true,
      ...(options.webOrigins ? { allowed_origins: options.webOrigins } : { same_origin: true }),
    },
    // `always`: an acknowledged write survives a power cut. The default loses up to two minutes.
    jetstream: { store_dir: join(folder, 'jetstream'), sync_interval: 'always' },
    operator: encodeOperatorJwt(keys),
    system_account: keys.systemAccount.publicKey,
    // `full` keeps revocations on disk; a server that was down learns them from its peers within the interval.
    resolver: { type: 'full', dir: jwtDir, allow_delete: false, interval: '5s' },
    resolver_preload: {
      [keys.systemAccount.publicKey]: encodeSystemAccountJwt(keys),
      [keys.fleetAccount.publicKey]: encodeFleetAccountJwt(keys),
      [keys.edgeAccount.publicKey]: encodeEdgeAccountJwt(keys, revocations),
    },
    ping_interval: '20s',
    // A slow browser is cut after 8 MB or 2 s; it must never slow down the device that publishes.
    no_fast_producer_stall: true,
    max_pending: 8 * MEBIBYTE,
    write_deadline: '2s',
    max_payload: MEBIBYTE,
    // A person with rights on some devices brings a JWT that names each of them; the default ends at 4 kB.
    max_control_line: MEBIBYTE / 2,
  };
  const file = join(folder, 'server.conf');
  await writeFile(
    file,
    `# Written by Scorewall at each start; changes made here are lost.\n${JSON.stringify(config, null, 2)}\n`,
    {
      mode: 0o600,
    },
  );
  return { file, keys };
}

/** Revocations live in the account's JWT on the server's disk; a new JWT must carry them on. */
async function readRevocations(jwtDir: string, account: string): Promise<Revocations> {
  try {
    const { nats } = readJwt(await readFile(join(jwtDir, `${account}.jwt`), 'utf8'));
    return (nats.revocations as Revocations | undefined) ?? {};
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
