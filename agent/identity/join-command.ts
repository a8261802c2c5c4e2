/** `scorewall-agent join TOKEN`: makes this machine a device of the fleet the token names, and says each step in plain words. */
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { parse, stringify, type TomlTable } from 'smol-toml';
import { isName } from '#contracts/name.ts';
import { parseJoinToken } from '#roadchain/join-token.ts';
import { readHardwareFacts } from '../inventory/hardware-facts.ts';
import type { Logger } from '../log.ts';
import { holdStateDir } from '../single-agent.ts';
import { AnswerFalse } from './chain-steps.ts';
import { crashMark } from './crash-mark.ts';
import { type EnrolmentOutcome, enrol } from './enrolment.ts';
import { HubUnreachable, WrongKey } from './hub-client.ts';
import { IdentityStore } from './identity-store.ts';
import { JOIN_CONFIG } from './place.ts';

export const JOIN_HELP = `  scorewall-agent join TOKEN [--name NAME] [--config FILE] [--state-dir DIR]
                                    join the fleet; - reads the token from standard input, where nobody else can see it`;

/** sysexits.h: EX_USAGE, EX_UNAVAILABLE, EX_CANTCREAT, EX_TEMPFAIL, EX_NOPERM. */
const EXIT = { ok: 0, usage: 64, unavailable: 69, noFile: 73, busy: 75, refused: 77 } as const;
const RETRY_MS = 2_000;
/** A hub that was just started, or a network that was just plugged in. */
const PATIENCE_MS = 120_000;

/** Ends the command. */
class JoinFailed extends Error {
  readonly exit: number;

  constructor(exit: number, message: string) {
    super(message);
    this.exit = exit;
  }
}

interface JoinArguments {
  token: string;
  name?: string | undefined;
  config: string;
  stateDir?: string | undefined;
  /** A script reads what is said. */
  isPiped: boolean;
}

export async function runJoinCommand(words: string[], log: Logger, say: (line: string) => void): Promise<number> {
  let isPiped = false;
  try {
    const args = await readArguments(words);
    isPiped = args.isPiped;
    await join(args, log, say);
    return EXIT.ok;
  } catch (error) {
    if (isPiped) say('JOIN-FAILED');
    say((error as Error).message);
    return error instanceof JoinFailed ? error.exit : EXIT.noFile;
  }
}

async function readArguments(words: string[]): Promise<JoinArguments> {
  const options = { name: { type: 'string' }, config: { type: 'string', short: 'c' }, 'state-dir': { type: 'string' } } as const;
  let parsed: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>;
  try {
    parsed = parseArgs({ args: words, allowPositionals: true, options });
  } catch (error) {
    throw new JoinFailed(EXIT.usage, `${(error as Error).message}\n\n${JOIN_HELP}`);
  }
  const { positionals, values } = parsed;
  const given = positionals[0];
  if (given === undefined || positionals.length > 1) throw new JoinFailed(EXIT.usage, `Give one token.\n\n${JOIN_HELP}`);
  if (values.name !== undefined && !isName(values.name))
    throw new JoinFailed(EXIT.usage, `"${values.name}" cannot be a name. Use lower-case letters, digits and dashes.`);
  return {
    token: given === '-' ? await readStandardInput() : given,
    name: values.name,
    config: resolve(values.config ?? JOIN_CONFIG),
    stateDir: values['state-dir'],
    isPiped: given === '-',
  };
}

async function readStandardInput(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) {
    text += String(chunk);
    if (text.length > 4_096) break;
  }
  return text.trim();
}

async function join(args: JoinArguments, log: Logger, say: (line: string) => void): Promise<void> {
  const parsed = parseJoinToken(args.token);
  if (!parsed) throw new JoinFailed(EXIT.usage, 'This is no join token. Copy it whole from Add a device on the wall.');
  const settings = await readSettings(args.config);
  const agent = table(settings.agent);
  const stateDir = resolve(dirname(args.config), args.stateDir ?? text(agent.state_dir) ?? 'state');
  const named = args.name ?? text(agent.device_id);
  const device = named ?? nameOf(hostname());
  const hold = await holdStateDir(stateDir).catch((error: Error) => {
    throw new JoinFailed(
      EXIT.noFile,
      `The folder ${stateDir} cannot be used (${error.message}). Run this as the user of the agent.`,
    );
  });
  if (!hold) throw new JoinFailed(EXIT.busy, `An agent runs with ${stateDir}. Stop it first: systemctl stop scorewall-agent`);
  try {
    say(`Asks ${parsed.token.url} to let this device in.`);
    const mark = crashMark();
    const store = new IdentityStore(stateDir, log, (step) => mark(`slot:${step}`));
    const facts = readHardwareFacts(stateDir);
    const chain = await untilEnrolled(
      // What the token says counts; a name that nobody chose may become another.
      async () =>
        enrol(
          { store, token: args.token, device: parsed.token.name ?? device, mayRename: !named, facts, mark },
          await store.load(),
        ),
      say,
    );
    mark('enrol:config');
    await writeSettings(args.config, {
      ...asMember(settings),
      agent: { ...agent, device_id: chain.device, ...(args.stateDir ? { state_dir: stateDir } : {}) },
    });
    say(`This device is ${chain.device} now. Its identity is in ${stateDir}/identity, and nobody else has it.`);
    say(`Start the agent: scorewall-agent --config ${args.config}`);
  } finally {
    await hold.release();
  }
}

async function untilEnrolled(ask: () => Promise<EnrolmentOutcome>, say: (line: string) => void) {
  const untilMs = performance.now() + PATIENCE_MS;
  let told = '';
  const tell = (line: string) => {
    if (line !== told) say(line);
    told = line;
  };
  for (;;) {
    try {
      const outcome = await ask();
      if (outcome.kind === 'refused') throw new JoinFailed(EXIT.refused, outcome.message);
      if (outcome.kind === 'enrolled' && outcome.state.chain) return outcome.state.chain;
      if (outcome.kind === 'waiting') {
        tell(`Somebody has to say yes on the wall. Compare these words there: ${outcome.words}`);
      }
    } catch (error) {
      if (error instanceof AnswerFalse || error instanceof WrongKey) throw new JoinFailed(EXIT.refused, error.message);
      if (!(error instanceof HubUnreachable)) throw error;
      if (performance.now() > untilMs)
        throw new JoinFailed(EXIT.unavailable, `${error.message} Is the network there? Then run this again.`);
      tell(`${error.message} Trying again.`);
    }
    await delay(RETRY_MS);
  }
}

/** What the file says; nothing where there is none. */
async function readSettings(path: string): Promise<TomlTable> {
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw new JoinFailed(EXIT.noFile, `${path} cannot be read (${error.code}). Run this as the user of the agent.`);
  });
  try {
    return parse(content);
  } catch {
    throw new JoinFailed(EXIT.usage, `${path} is not TOML. Repair it, or move it away: a new one is written then.`);
  }
}

/** Servers of an identity of another kind go with it: the hub tells its own when a device joins. */
function asMember(settings: TomlTable): TomlTable {
  const { nats: _nats, credentials, ...others } = settings;
  const { token: _token, token_file: _file, ...kept } = table(credentials);
  if (kept.type !== 'roadchain') return { ...others, credentials: { type: 'roadchain' } };
  return { ...settings, credentials: kept };
}

async function writeSettings(path: string, settings: TomlTable): Promise<void> {
  const content = `# Written by \`scorewall-agent join\`. Further settings may be added.\n${stringify(settings)}`;
  await mkdir(dirname(path), { recursive: true });
  const file = await open(`${path}.new`, 'w', 0o600);
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${path}.new`, path);
}

/** `raspberrypi.local` is `raspberrypi`. */
function nameOf(host: string): string {
  const name = host
    .toLowerCase()
    .split('.')[0]!
    .replaceAll(/[^a-z0-9-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, 63);
  return isName(name) ? name : 'device';
}

const table = (value: unknown): TomlTable => (typeof value === 'object' && value !== null ? (value as TomlTable) : {});
const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
