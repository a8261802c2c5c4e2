/** The agent process: reads its config, runs the device until it is told to stop, and starts again whatever fails inside. */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { runAgent } from './agent.ts';
import type { AgentConfig } from './config/agent-config.ts';
import { ConfigError, ConfigFile, type LoadedConfig } from './config/config-file.ts';
import { IDENTITY_HELP, runIdentityCommand } from './identity/identity-command.ts';
import { JOIN_HELP, runJoinCommand } from './identity/join-command.ts';
import { isLocalCommand, LOCAL_COMMANDS_HELP, runLocalCommand } from './local/local-client.ts';
import { createLogger, type Logger, type LogLevel, logFormatFor } from './log.ts';
import { holdStateDir } from './single-agent.ts';
import { AgentTroubles } from './status/agent-troubles.ts';
import { notifySystemd } from './systemd-notify.ts';
import { runHostCommand } from './terminals/run-host-command.ts';
import { AGENT_VERSION } from './version.ts';

const CONFIG_CHECK_MS = 2_000;
const FIRST_RESTART_MS = 1_000;
const LAST_RESTART_MS = 30_000;
const STOP_DEADLINE_MS = 10_000;
/** sysexits.h, which service managers know: EX_USAGE, EX_CANTCREAT, EX_TEMPFAIL, EX_CONFIG. */
const EXIT = { ok: 0, usage: 64, noStateDir: 73, busy: 75, config: 78 } as const;

const HELP = `scorewall-agent ${AGENT_VERSION}: runs on a device what the hub asks for.

  scorewall-agent --config FILE     run until SIGTERM; containers keep running after it
  scorewall-agent --check --config FILE   say whether the config is good, and end
${JOIN_HELP}
${IDENTITY_HELP}
  scorewall-agent --version

For programs on the device:

${LOCAL_COMMANDS_HELP}
The config is written by \`join\`, or by: scorewall device add NAME
`;

async function main(argv: string[]): Promise<number> {
  const [command, ...words] = argv;
  if (isLocalCommand(command)) return await runLocalCommand(command, words);
  if (command === 'pty-host') return await runHostCommand(words);
  if (command === 'identity') return await runIdentityCommand(words, loggerAt('warn'), say);
  if (command === 'join') return await runJoinCommand(words, loggerAt('warn'), say);
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments(argv);
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${HELP}`);
    return EXIT.usage;
  }
  if (options.help || options.version) {
    process.stdout.write(options.version ? `${AGENT_VERSION}\n` : HELP);
    return EXIT.ok;
  }
  if (!options.config) {
    process.stderr.write(`Say which config to use.\n\n${HELP}`);
    return EXIT.usage;
  }
  const file = new ConfigFile(options.config, loggerAt('info'));
  try {
    const loaded = await file.load();
    if (!options.check) return await serve(file, loaded);
    process.stdout.write(`${loaded.problem ?? `${file.path} is good.`}\n`);
    return loaded.problem ? EXIT.config : EXIT.ok;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    loggerAt('info').error({}, `${error.message} A service manager should wait some seconds before it tries again.`);
    return EXIT.config;
  }
}

function readArguments(argv: string[]) {
  return parseArgs({
    args: argv,
    options: {
      config: { type: 'string', short: 'c' },
      check: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean' },
    },
  }).values;
}

async function serve(file: ConfigFile, first: LoadedConfig): Promise<number> {
  const { signal: stopping, stop } = stopOnSignals();
  const startedAt = new Date();
  const troubles = new AgentTroubles();
  let loaded = first;
  let restartMs = FIRST_RESTART_MS;
  notifySystemd(process.env, stopping, loggerAt(loaded.config.logLevel));

  while (!stopping.aborted) {
    const { config } = loaded;
    const log = loggerAt(config.logLevel);
    process.removeAllListeners('unhandledRejection');
    process.on('unhandledRejection', (error) =>
      log.error({ error }, 'Something failed that nobody waited for. The agent goes on.'),
    );
    const hold = await holdStateDir(config.stateDir).catch((error: Error) => error);
    if (hold instanceof Error) {
      log.error({ error: hold }, 'The state folder cannot be used. Containers keep running. Check state_dir and its rights.');
      return EXIT.noStateDir;
    }
    if (!hold) {
      log.error(
        { stateDir: config.stateDir },
        'Another agent uses this state folder. Stop it, or give this one its own state_dir.',
      );
      return EXIT.busy;
    }
    log.info({ device: config.device, version: AGENT_VERSION, config: file.path }, 'The agent starts.');
    const changing = new AbortController();
    const watching = watchConfig({ file, loaded, troubles, log, signal: AbortSignal.any([stopping, changing.signal]) });
    void watching.then(() => changing.abort());
    try {
      await runAgent(
        { config, configFile: file.path, troubles, startedAt, end: stop, log },
        AbortSignal.any([stopping, changing.signal]),
      );
      restartMs = FIRST_RESTART_MS;
    } catch (error) {
      log.error(
        { error: (error as Error).stack, inMs: restartMs },
        'The agent failed. Containers keep running; it starts again.',
      );
      await delay(restartMs, undefined, { signal: stopping }).catch(() => undefined);
      restartMs = Math.min(restartMs * 2, LAST_RESTART_MS);
    } finally {
      changing.abort();
      await hold.release();
    }
    loaded = await watching;
  }
  loggerAt(loaded.config.logLevel).info({}, 'The agent ends. Containers keep running.');
  return EXIT.ok;
}

interface WatchedConfig {
  file: ConfigFile;
  loaded: LoadedConfig;
  troubles: AgentTroubles;
  log: Logger;
  signal: AbortSignal;
}

/** Ends with what to use from then on, once that differs from what runs. A file that breaks is a trouble, not a change. */
async function watchConfig({ file, loaded, troubles, log, signal }: WatchedConfig): Promise<LoadedConfig> {
  let newest = loaded;
  while (true) {
    if (newest.problem) log.error({}, newest.problem);
    for (const warning of newest.warnings) log.warn({ config: file.path }, warning);
    troubles.set('config', 'invalid', newest.problem);
    if (!isSame(newest.config, loaded.config)) {
      log.info({ config: file.path }, 'The config has changed and is taken up.');
      return newest;
    }
    do {
      await delay(CONFIG_CHECK_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return newest;
    } while (!(await file.hasChanged()));
    newest = await file.load().catch((error: Error) => ({ config: loaded.config, problem: error.message, warnings: [] }));
  }
}

const isSame = (newest: AgentConfig, running: AgentConfig) =>
  JSON.stringify(newest) === JSON.stringify('token' in newest.credentials ? running : withoutToken(running));

/** A join token that leaves the config was used: nothing changes by that. */
function withoutToken(config: AgentConfig): AgentConfig {
  if (config.credentials.type !== 'roadchain') return config;
  const { token: _, ...credentials } = config.credentials;
  return { ...config, credentials };
}

/** A second signal, or an agent that cannot let go, ends the process at once. */
function stopOnSignals(): { signal: AbortSignal; stop(): void } {
  const stopping = new AbortController();
  const stop = () => {
    if (stopping.signal.aborted) process.exit(EXIT.ok);
    stopping.abort();
    setTimeout(() => process.exit(EXIT.ok), STOP_DEADLINE_MS).unref();
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  return { signal: stopping.signal, stop };
}

const say = (line: string) => void process.stdout.write(`${line}\n`);

function loggerAt(level: LogLevel): Logger {
  const format = logFormatFor(process.env, process.stderr.isTTY === true);
  return createLogger({ level, format, write: (line) => process.stderr.write(line) });
}

process.exitCode = await main(process.argv.slice(2));
