/** One device: a real agent process with its own identity, its own path to NATS, and its own path to the engine. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EngineGate } from './engine-gate.ts';
import { Program } from './program.ts';
import type { TcpGate } from './tcp-gate.ts';

export interface DeviceOptions {
  name: string;
  fleet: string;
  /** Address its ports are published on. */
  address: string;
  folder: string;
  creds: string;
  network: TcpGate;
  engine: EngineGate;
  /** Further lines of the `[agent]` section. */
  settings?: readonly string[];
  /** Arguments of node: the sources in tests, the bundle in measurements. */
  program: readonly string[];
}

export class Device {
  readonly name: string;
  readonly address: string;
  readonly network: TcpGate;
  readonly engine: EngineGate;
  readonly configFile: string;
  readonly stateDir: string;
  readonly agent: Program;

  static async create(options: DeviceOptions): Promise<Device> {
    const device = new Device(options);
    await mkdir(options.folder, { recursive: true });
    await writeFile(join(options.folder, 'agent.creds'), options.creds, { mode: 0o600 });
    await writeFile(device.configFile, toToml(options), { mode: 0o600 });
    return device;
  }

  private constructor({ name, address, folder, network, engine, program }: DeviceOptions) {
    this.name = name;
    this.address = address;
    this.network = network;
    this.engine = engine;
    this.configFile = join(folder, 'agent.toml');
    this.stateDir = join(folder, 'state');
    this.agent = new Program({
      name: `agent ${name}`,
      command: process.execPath,
      args: [...program, '--config', this.configFile],
      // What the profile of whoever runs the tests does in a login shell is no part of them.
      env: { HOME: folder },
    });
  }

  /** Its terminals outlive the agent on purpose. */
  async endTerminals(): Promise<void> {
    const text = await readFile(join(this.stateDir, 'pty-host.json'), 'utf8').catch(() => undefined);
    const { pid } = JSON.parse(text ?? '{}') as { pid?: number };
    if (!pid) return;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('pty-host') && command.includes(this.configFile)) process.kill(pid, 'SIGKILL');
  }

  readConfig(): Promise<string> {
    return readFile(this.configFile, 'utf8');
  }

  writeConfig(text: string): Promise<void> {
    return writeFile(this.configFile, text, { mode: 0o600 });
  }
}

const toToml = ({ name, fleet, address, network, engine, settings = [] }: DeviceOptions): string =>
  [
    '[agent]',
    `device_id = "${name}"`,
    'state_dir = "state"',
    `host_ip = "${address}"`,
    `fleet = "${fleet}"`,
    ...settings,
    '[credentials]',
    'type = "creds"',
    'file = "agent.creds"',
    '[nats]',
    `urls = ["nats://${network.host}:${network.port}"]`,
    '[engine]',
    `socket = "${engine.socket}"`,
    '',
  ].join('\n');
