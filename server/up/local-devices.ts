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
  caFile?: string | undefined;
  supervise(program: Program): Supervised;
}

const FIRST_REPORT_MS = 15_000;

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
  const { home, api, engineSocket, natsUrls, caFile } = surroundings;
  const folder = home.device(device.name);
  const [configFile, credsFile] = [path.join(folder, 'agent.toml'), path.join(folder, `${device.name}.creds`)];
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const known = registered.find((one) => one.device.name === device.name);
  if (!known || !existsSync(configFile) || publicKeyIn(credsFile) !== known.device.publicKey) {
    const added = known ? await api.renewCredentials(device.name) : await api.addLocalDevice(device.name);
    writePrivate(credsFile, added.creds.content);
    writePrivate(configFile, added.config.content);
  }
  const config = parse(readFileSync(configFile, 'utf8'));
  const local = stringify({
    ...config,
    agent: { ...table(config.agent), state_dir: 'state', host_ip: device.address, fleet: home.fleet },
    credentials: { type: 'creds', file: path.basename(credsFile) },
    nats: { urls: [...natsUrls], ...(caFile ? { ca_file: caFile } : {}) },
    engine: { ...table(config.engine), socket: engineSocket },
  });
  writePrivate(configFile, `# Written by \`scorewall up\` at each start. Other settings than these are kept.\n${local}`);
  return configFile;
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
