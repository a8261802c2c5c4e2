/** The config file as it is on disk: read again when it changes, with the last good one as the fallback for a broken one. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { readDurable, writeDurably } from '../durable-file.ts';
import type { Logger } from '../log.ts';
import type { AgentConfig } from './agent-config.ts';
import { type ConfigProblem, parseConfig } from './parse-config.ts';
import { withoutToken } from './without-token.ts';

const LAST_GOOD = 'agent.last-good.toml';

/** Nothing to run with: the file is broken and no good one was ever seen. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface LoadedConfig {
  config: AgentConfig;
  /** Set while the file is broken and `config` is the last good one: what a person should know. */
  problem?: string;
  warnings: string[];
}

export class ConfigFile {
  readonly path: string;
  #log: Logger;
  #fingerprint = '';

  constructor(path: string, log: Logger) {
    this.path = resolve(path);
    this.#log = log;
  }

  /** True once after each change of the file. */
  async hasChanged(): Promise<boolean> {
    return (await this.#readFingerprint()) !== this.#fingerprint;
  }

  /** @throws ConfigError where the file is broken and there is no last good one. */
  async load(): Promise<LoadedConfig> {
    this.#fingerprint = await this.#readFingerprint();
    const text = await readFile(this.path, 'utf8').catch((error: NodeJS.ErrnoException) => error);
    if (typeof text !== 'string') return this.#fallBack('', { message: `It cannot be read (${text.code ?? text.message}).` });
    const parsed = parseConfig(text, this.path);
    if (!parsed.ok) return this.#fallBack(text, parsed.problem);
    // A join token is for one use: no copy of it is kept.
    await this.#keep(parsed.config.stateDir, withoutToken(text));
    return { config: parsed.config, warnings: parsed.warnings };
  }

  async #readFingerprint(): Promise<string> {
    const facts = await stat(this.path).catch(() => undefined);
    return facts ? `${facts.ino} ${facts.size} ${facts.mtimeMs}` : 'missing';
  }

  async #keep(stateDir: string, text: string): Promise<void> {
    const path = join(stateDir, LAST_GOOD);
    try {
      if ((await readDurable(path))?.text !== text) await writeDurably(path, text);
    } catch (error) {
      this.#log.warn(
        { path, error },
        'The config is good but no copy of it could be kept. A broken config would stop this agent.',
      );
    }
  }

  async #fallBack(text: string, problem: ConfigProblem): Promise<LoadedConfig> {
    const lastGood = await readDurable(join(this.#stateDirOf(text), LAST_GOOD));
    const parsed = lastGood && parseConfig(lastGood.text, this.path);
    if (!parsed?.ok) {
      throw new ConfigError(
        `${this.#place(problem)}: ${problem.message} The agent has no earlier config to run with, so it does not start; containers that run are left alone. Fix the file and start the agent again.`,
      );
    }
    return {
      config: parsed.config,
      problem: `${this.#place(problem)}: ${problem.message} The device keeps running with the last good config. Fix the file; the agent reads it again by itself.`,
      warnings: [],
    };
  }

  #place({ line, column }: ConfigProblem): string {
    return line === undefined ? this.path : `${this.path}:${line}:${column}`;
  }

  /** A broken file cannot be asked properly, but the line that names the folder is mostly still there. */
  #stateDirOf(text: string): string {
    const written = /^\s*state_dir\s*=\s*(?:"([^"\\]+)"|'([^']+)')/m.exec(text);
    return resolve(dirname(this.path), written?.[1] ?? written?.[2] ?? 'state');
  }
}
