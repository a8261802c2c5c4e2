/** Reads the text of `agent.toml`: either a complete config or one problem with its place. Pure. */
import { dirname, resolve } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { didYouMean } from '#contracts/did-you-mean.ts';
import { formatPath, issuesFromZod } from '#contracts/issue.ts';
import { type AgentConfig, AgentToml, type CredentialsConfig, SETTINGS } from './agent-config.ts';
import { locateKey, type Position } from './locate-key.ts';

export interface ConfigProblem extends Partial<Position> {
  /** What is wrong, in words; never holds a value of the file's secrets. */
  message: string;
}

export type ParsedConfig = { ok: true; config: AgentConfig; warnings: string[] } | { ok: false; problem: ConfigProblem };

export function parseConfig(text: string, path: string): ParsedConfig {
  let raw: Record<string, unknown>;
  try {
    raw = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // Only the first line: the rest is a snippet of the file, which may hold a password.
    const message = error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    return { ok: false, problem: { message: `This is not TOML: ${message}.`, line: error.line, column: error.column } };
  }
  const result = AgentToml.safeParse(raw);
  if (!result.success) return { ok: false, problem: firstProblem(result.error, text, raw) };
  return { ok: true, config: toConfig(result.data, dirname(resolve(path))), warnings: unknownSettings(raw) };
}

function firstProblem(error: Parameters<typeof issuesFromZod>[0], text: string, raw: Record<string, unknown>): ConfigProblem {
  const issue = issuesFromZod(error)[0]!;
  const keys = issue.path.filter((part) => typeof part === 'string');
  const missing = valueAt(raw, keys) === undefined;
  const hint = missing ? unknownSettings(raw).find((warning) => warning.includes(`Did you mean ${keys.at(-1)}?`)) : undefined;
  const message = missing
    ? `${formatPath(issue.path)} is missing.${hint ? ` ${hint}` : ''}`
    : `${formatPath(issue.path)}: ${issue.message}`;
  return { message, ...locateKey(text, keys) };
}

const valueAt = (raw: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], raw);

/** Settings this version does not know: later versions add some, so they are no error. Sections it does not know are left alone. */
function unknownSettings(raw: Record<string, unknown>): string[] {
  const credentials = SETTINGS.credentials.options.flatMap((option) => Object.keys(option.shape));
  return Object.entries(raw).flatMap(([section, settings]) => {
    const known = section === 'credentials' ? credentials : knownIn(section);
    if (!known || typeof settings !== 'object' || settings === null) return [];
    return Object.keys(settings)
      .filter((key) => !known.includes(key))
      .map((key) => {
        const meant = didYouMean(key, known);
        return `[${section}] ${key} is not a known setting.${meant ? ` Did you mean ${meant}?` : ''}`;
      });
  });
}

function knownIn(section: string): string[] | undefined {
  switch (section) {
    case 'agent':
      return Object.keys(SETTINGS.agent.shape);
    case 'nats':
    case 'engine':
    case 'logs':
    case 'log':
      return Object.keys(SETTINGS[section].unwrap().shape);
    default:
      return undefined;
  }
}

function toConfig({ agent, credentials, nats, engine, logs, log }: AgentToml, folder: string): AgentConfig {
  const at = (path: string) => resolve(folder, path);
  return {
    device: agent.device_id,
    stateDir: at(agent.state_dir),
    hostIp: agent.host_ip,
    ...(agent.fleet ? { fleet: agent.fleet } : {}),
    reportIntervalMs: agent.report_interval_ms,
    relistIntervalMs: agent.relist_interval_ms,
    resyncIntervalMs: agent.resync_interval_ms,
    credentials: toCredentials(credentials, at),
    natsUrls: nats?.urls ?? [],
    ...(nats?.ca_file ? { natsCaFile: at(nats.ca_file) } : {}),
    ...(engine.socket ? { engineSocket: at(engine.socket) } : {}),
    logsMaxBytes: logs.max_mb * 1024 * 1024,
    logLevel: log.level,
  };
}

function toCredentials(credentials: AgentToml['credentials'], at: (path: string) => string): CredentialsConfig {
  switch (credentials.type) {
    case 'creds':
      return { type: 'creds', file: at(credentials.file) };
    case 'toml-shared':
      return { type: 'toml-shared', user: credentials.nats_user, pass: credentials.nats_pass };
    case 'roadchain': {
      const { hub, token, token_file: tokenFile, tick_ms: tickMs } = credentials;
      return {
        type: 'roadchain',
        ...(hub ? { hubUrl: hub } : {}),
        ...(token ? { token } : {}),
        ...(tokenFile ? { tokenFile: at(tokenFile) } : {}),
        tickMs,
      };
    }
    case 'oidc': {
      const { hub, hub_pin: pin, key_file: keyFile, key_id: keyId, client_secret_file: secretFile } = credentials;
      return {
        type: 'oidc',
        hub: { url: hub, ...(pin ? { pin } : {}) },
        issuer: credentials.issuer,
        clientId: credentials.client_id,
        ...(keyFile ? { keyFile: at(keyFile) } : {}),
        ...(keyId ? { keyId } : {}),
        ...(secretFile ? { clientSecretFile: at(secretFile) } : {}),
        scope: credentials.scope,
      };
    }
  }
}
