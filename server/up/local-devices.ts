/** The devices on the hub's own machine: registered like any other, each with its own key, address and state. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify, type TomlTable } from 'smol-toml';
import type { DeviceDetail } from '#contracts/api.ts';
import { parseCreds } from '#server/nats/jwt.ts';
import { nkeyFromSeed } from '#server/nats/nkey.ts';
import type { AnchorApi } from './anchor-api.ts';
import { agentArgs } from './build.ts';
import type { Home } from './home.ts';
import type { Program, Supervised } from './supervised.ts';
import { waitUntil } from './wait-until.ts';

export interface LocalDevice {
  name: string;
  /** Loopback address its ports are published on, so that the same deployment fits on all of them. */
  address: string;
}

interface Surroundings {
  home: Home;
  api: AnchorApi;
  engineSocket: string;
  natsUrls: readonly string[];
  /** Where the pages and the API answer. */
  hubUrl: string;
  caFile?: string | undefined;
  supervise(program: Program): Supervised;
}

const FIRST_REPORT_MS = 15_000;
const TOKEN_FILE = 'join-token';

/** Names of those that did not report in time; they go on trying. */
export async function startLocalDevices(devices: readonly LocalDevice[], surroundings: Surroundings): Promise<string[]> {
  const { api, supervise } = surroundings;
  const registered = await api.devices();
  const since = Date.now();
  for (const device of devices) {
    const config = await prepare(device, registered, surroundings);
    const agent = supervise({
      name: `agent-${device.name}`,
      command: process.execPath,
      args: [...agentArgs(), '--config', config],
      env: { NODE_ENV: 'production' },
    });
    await agent.start(async () => true);
  }
  let silent: string[] = [];
  const allHeard = async () => {
    const statuses = await api.statuses();
    // The first word may come before the engine has been asked.
    const heard = statuses
      .filter((one) => Date.parse(one.receivedAt) >= since && one.value.engine.reachable)
      .map((one) => one.value.device);
    silent = devices.map((one) => one.name).filter((name) => !heard.includes(name));
    return silent.length === 0;
  };
  await waitUntil(allHeard, { timeoutMs: FIRST_REPORT_MS, everyMs: 100 });
  return silent;
}

/** Gives the path of its config. */
async function prepare(device: LocalDevice, registered: readonly DeviceDetail[], surroundings: Surroundings): Promise<string> {
  const { home, engineSocket, natsUrls, caFile } = surroundings;
  const folder = home.device(device.name);
  const configFile = path.join(folder, 'agent.toml');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const known = registered.find((one) => one.device.name === device.name);
  const config = existsSync(configFile) ? parse(readFileSync(configFile, 'utf8')) : {};
  const local = stringify({
    ...config,
    agent: { ...table(config.agent), device_id: device.name, state_dir: 'state', host_ip: device.address, fleet: home.fleet },
    credentials: await credentialsOf(device.name, folder, known, surroundings),
    nats: { urls: [...natsUrls], ...(caFile ? { ca_file: caFile } : {}) },
    engine: { ...table(config.engine), socket: engineSocket },
  });
  writePrivate(configFile, `# Written by \`scorewall up\` at each start. Other settings than these are kept.\n${local}`);
  return configFile;
}

/** A key that was carried to it goes on being good; a device without one joins as any other does. */
async function credentialsOf(
  name: string,
  folder: string,
  known: DeviceDetail | undefined,
  { api, hubUrl }: Surroundings,
): Promise<TomlTable> {
  const credsFile = path.join(folder, `${name}.creds`);
  const carried = publicKeyIn(credsFile);
  if (known && carried !== undefined && carried === known.device.publicKey)
    return { type: 'creds', file: path.basename(credsFile) };
  const joined = { type: 'roadchain', hub: hubUrl };
  const tokenFile = path.join(folder, TOKEN_FILE);
  const hasIdentity = existsSync(path.join(folder, 'state', 'identity'));
  if (known && hasIdentity && !existsSync(tokenFile)) return joined;
  // It is put on the wall as one of this machine before it comes by itself.
  if (!known) await api.addLocalDevice(name);
  const { entries, standing } = await api.identity(name);
  const back = entries.length > 0;
  // The power went after it had joined and before it threw its token away.
  if (back && hasIdentity && existsSync(tokenFile)) return { ...joined, token_file: TOKEN_FILE };
  if (back && standing === 'active') await api.keepOut(name);
  writePrivate(tokenFile, `${await api.joinToken(name, { url: hubUrl, back })}\n`);
  return { ...joined, token_file: TOKEN_FILE };
}

const table = (value: unknown): TomlTable => (typeof value === 'object' && value !== null ? (value as TomlTable) : {});

/** undefined: there is no key, or none that can be read. */
function publicKeyIn(credsFile: string): string | undefined {
  try {
    return nkeyFromSeed(parseCreds(readFileSync(credsFile, 'utf8')).seed, 'user').publicKey;
  } catch {
    return undefined;
  }
}

function writePrivate(file: string, content: string): void {
  writeFileSync(`${file}.new`, content, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
