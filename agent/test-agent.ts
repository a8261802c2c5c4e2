/** A real agent process for integration tests: its own folder, config and credentials, thrown away at the end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isHostAlive, readHostRecord } from './terminals/host-place.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const FROM_SOURCE = [process.execPath, '--import', 'tsx', MAIN];

export interface TestAgentOptions {
  device: string;
  /** Absent where the hub tells it. */
  natsUrl?: string;
  /** Text of the `.creds` file, a user and password of a lab, or the section as it stands in the config. */
  credentials: { creds: string } | { user: string; pass: string } | { section: string };
  hostIp: string;
  engineSocket: string;
  /** What starts it, where it is not this node with our sources. */
  command?: readonly string[];
}

export interface TestAgent {
  folder: string;
  configPath: string;
  process: ChildProcess | undefined;
  /** Everything it logged, over all its starts. */
  log(): string;
  start(env?: NodeJS.ProcessEnv): void;
  /** Resolves with the exit code, null where a signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  /** Resolves when it ends by itself. */
  ended(): Promise<number | null>;
  writeConfig(changes?: Partial<TestAgentOptions>): Promise<void>;
  remove(): Promise<void>;
}

export async function createTestAgent(options: TestAgentOptions): Promise<TestAgent> {
  const folder = await mkdtemp(join(tmpdir(), `sw-agent-${options.device}-`));
  const configPath = join(folder, 'agent.toml');
  let log = '';
  const agent: TestAgent = {
    folder,
    configPath,
    process: undefined,
    log: () => log,
    start: (env = {}) => {
      const [program, ...words] = options.command ?? FROM_SOURCE;
      const child = spawn(program!, [...words, '--config', configPath], {
        stdio: ['ignore', 'pipe', 'pipe'],
        cwd: fileURLToPath(new URL('..', import.meta.url)),
        // What the profile of whoever runs the tests does in a login shell is no part of them.
        env: { ...process.env, HOME: folder, ...env },
      });
      child.stderr.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (process.env.DEBUG) process.stderr.write(chunk);
      });
      agent.process = child;
    },
    stop: async (signal = 'SIGTERM') => {
      if (isRunning(agent.process)) agent.process.kill(signal);
      return agent.ended();
    },
    ended: async () => {
      if (isRunning(agent.process)) await once(agent.process, 'exit');
      return agent.process?.exitCode ?? null;
    },
    writeConfig: (changes) => writeFile(configPath, configText({ ...options, ...changes })),
    remove: async () => {
      await agent.stop('SIGKILL');
      endPtyHost(join(folder, 'state'));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  await agent.writeConfig();
  if ('creds' in options.credentials) await writeFile(join(folder, 'device.creds'), options.credentials.creds, { mode: 0o600 });
  return agent;
}

/** It outlives its agent on purpose. */
function endPtyHost(stateDir: string): void {
  const host = readHostRecord(stateDir);
  if (host && isHostAlive(host)) process.kill(host.pid, 'SIGKILL');
}

const isRunning = (child: ChildProcess | undefined): child is ChildProcess =>
  child !== undefined && child.exitCode === null && child.signalCode === null;

/** Intervals are short, so that tests need not wait for the quiet ones of production. */
const configText = ({ device, natsUrl, credentials, hostIp, engineSocket }: TestAgentOptions) => `[agent]
device_id = "${device}"
host_ip = "${hostIp}"
fleet = "${device}"
report_interval_ms = 1000
relist_interval_ms = 2000
resync_interval_ms = 1000

[credentials]
${credentialsText(credentials)}
${natsUrl ? `\n[nats]\nurls = ["${natsUrl}"]\n` : ''}
[engine]
socket = "${engineSocket}"

[log]
level = "debug"
`;

function credentialsText(credentials: TestAgentOptions['credentials']): string {
  if ('section' in credentials) return credentials.section;
  if ('creds' in credentials) return 'type = "creds"\nfile = "device.creds"';
  return `type = "toml-shared"\nnats_user = "${credentials.user}"\nnats_pass = "${credentials.pass}"`;
}
