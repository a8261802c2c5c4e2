/** Which NATS the hub uses: its own embedded server, or a cluster that exists already and hands over keys by environment variables. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { encodeEdgeAccountJwt, type Revocations } from './account-claims.ts';
import { type FleetKeys, loadOrCreateFleetKeys, type MintingKeys, type SigningKey } from './fleet-keys.ts';
import { encodeHubJwt } from './hub-creds.ts';
import { formatCreds } from './jwt.ts';
import { createNkey, type Nkey, nkeyFromSeed } from './nkey.ts';

export type Environment = Record<string, string | undefined>;

export interface HubEnvironment {
  /** False: an existing cluster. */
  embedded: boolean;
  /** Where the hub itself connects. */
  servers: string[];
  /** Websocket address of an existing cluster, for browsers. */
  wsUrl: string | undefined;
  /** The hub's user: give it to `connectNats`. */
  creds: string;
  minting: MintingKeys;
  /** Creds file of the system user, for presence and for cutting connections. */
  sysCredsFile: string | undefined;
  /** Signs revocations. */
  operatorSigning: Nkey | undefined;
  /** What the account of devices says, with an embedded server: there it is ours to say. */
  encodeEdge?: ((revocations: Revocations) => string) | undefined;
  /** Copies of each stream. */
  replicas: number;
  /** What does not work without something that is missing, each with what to do. For the log and for `doctor`. */
  off: string[];
}

const SIGNING_KEY = 'SCOREWALL_NATS_ACCOUNT_SIGNING_KEY';
const EDGE_SIGNING_KEY = 'SCOREWALL_NATS_EDGE_ACCOUNT_SIGNING_KEY';
const OPERATOR_SIGNING_KEY = 'SCOREWALL_NATS_OPERATOR_SIGNING_KEY';

/** True when the environment names a cluster and a key for it; then no server of our own is started. */
export const usesExistingCluster = (env: Environment): boolean => Boolean(env[SIGNING_KEY] || env[`${SIGNING_KEY}_FILE`]);

export async function readHubEnvironment(env: Environment, home: string): Promise<HubEnvironment> {
  const servers = (env.SCOREWALL_NATS_URL ?? '').split(',').filter(Boolean);
  if (servers.length === 0)
    throw new Error(
      'SCOREWALL_NATS_URL is not set, so the hub does not know where NATS is. Set it to nats://host:4222 and start again.',
    );
  const common = { servers, wsUrl: env.SCOREWALL_NATS_WS_URL, replicas: replicasOf(env) };
  if (!usesExistingCluster(env)) return { ...common, ...(await embedded(join(resolve(home), 'keys'))) };
  return { ...common, ...(await existing(env)) };
}

type Keys = Omit<HubEnvironment, 'servers' | 'wsUrl' | 'replicas'>;

async function embedded(keysDir: string): Promise<Keys> {
  const keys: FleetKeys = await loadOrCreateFleetKeys(keysDir);
  return {
    embedded: true,
    creds: await readFile(keys.creds.anchor, 'utf8'),
    minting: keys,
    sysCredsFile: keys.creds.system,
    operatorSigning: keys.operatorSigning,
    encodeEdge: (revocations) => encodeEdgeAccountJwt(keys, revocations),
    off: [],
  };
}

async function existing(env: Environment): Promise<Keys> {
  const hub = (await readSigningKey(env, SIGNING_KEY, 'SCOREWALL_NATS_ACCOUNT'))!;
  const edge = await readSigningKey(env, EDGE_SIGNING_KEY, 'SCOREWALL_NATS_EDGE_ACCOUNT');
  const minting = { hub, device: edge ?? hub, people: edge ?? hub };
  const user = createNkey('user');
  const operatorSeed = await readSecret(env, OPERATOR_SIGNING_KEY);
  const sysCredsFile = env.SCOREWALL_NATS_SYS_CREDS || undefined;
  return {
    embedded: false,
    creds: formatCreds(encodeHubJwt(minting, user.publicKey), user.seed),
    minting,
    sysCredsFile,
    operatorSigning: operatorSeed ? keyFrom(operatorSeed, 'operator', OPERATOR_SIGNING_KEY) : undefined,
    off: [
      ...(sysCredsFile ? [] : [NO_SYSTEM_USER]),
      ...(operatorSeed && sysCredsFile ? [] : [NO_REVOCATION]),
      ...(edge ? [] : [ONE_ACCOUNT]),
      ...(env.SCOREWALL_NATS_WS_URL ? [] : [NO_WEBSOCKET]),
    ],
  };
}

const NO_SYSTEM_USER =
  'Presence is off: tiles go by the age of the last report, and a removed device keeps its connection. ' +
  'Set SCOREWALL_NATS_SYS_CREDS to a creds file of a system account user.';
const NO_REVOCATION =
  'Revocation is off: the key of a removed device still works. ' +
  `Set ${OPERATOR_SIGNING_KEY}_FILE and SCOREWALL_NATS_SYS_CREDS, or revoke keys with the cluster's own tools.`;
const ONE_ACCOUNT =
  'Isolation is off: devices share an account with the storage, so software on one device could damage the data of all. ' +
  `Give devices an account without JetStream, and set SCOREWALL_NATS_EDGE_ACCOUNT and ${EDGE_SIGNING_KEY}_FILE.`;
const NO_WEBSOCKET =
  'Live tiles are off: browsers cannot reach NATS. Set SCOREWALL_NATS_WS_URL to a websocket listener of the cluster.';

async function readSigningKey(env: Environment, variable: string, accountVariable: string): Promise<SigningKey | undefined> {
  const seed = await readSecret(env, variable);
  if (!seed) return undefined;
  const key = keyFrom(seed, 'account', variable);
  return { key, account: env[accountVariable] || key.publicKey, scoped: false };
}

function keyFrom(seed: string, kind: 'account' | 'operator', variable: string): Nkey {
  try {
    return nkeyFromSeed(seed, kind);
  } catch (cause) {
    throw new Error(
      `${variable} holds no ${kind} seed (S${kind === 'account' ? 'A' : 'O'}...). The hub cannot sign anything with it. Check the variable or its file.`,
      {
        cause,
      },
    );
  }
}

/** `NAME` itself, or the content of the file that `NAME_FILE` points to. */
async function readSecret(env: Environment, variable: string): Promise<string | undefined> {
  const file = env[`${variable}_FILE`];
  if (!file) return env[variable] || undefined;
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new Error(
      `${variable}_FILE points to ${file}, which cannot be read. The hub cannot start without it. Check the path.`,
      { cause },
    );
  }
}

function replicasOf(env: Environment): number {
  const replicas = Number(env.SCOREWALL_NATS_REPLICAS ?? '1');
  if ([1, 3, 5].includes(replicas)) return replicas;
  throw new Error(
    `SCOREWALL_NATS_REPLICAS is ${env.SCOREWALL_NATS_REPLICAS}. Streams are kept 1, 3 or 5 times. Set one of these.`,
  );
}
