/** Says that this agent works: it reached its hub, and that lasts. The installer waits for it, and an agent on trial proves itself by it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '../log.ts';
import { AGENT_VERSION } from '../version.ts';
import { confirmTrial, type UpdatePlaces } from './slots.ts';

/** An agent that falls over does so within seconds. */
const LASTING_MS = 10_000;
const AGAIN_MS = 500;

/** Other than ten seconds, for tests. */
export function trialLastingMs({ SCOREWALL_TRIAL_LASTING_SECONDS: text }: NodeJS.ProcessEnv): number | undefined {
  return Number(text) > 0 ? Number(text) * 1_000 : undefined;
}

export interface HealthReportOptions {
  stateDir: string;
  places: UpdatePlaces | undefined;
  /** The file that runs. */
  ownFile: string;
  log: Logger;
  /** Whether the hub has taken this agent's word of who it is; absent where nobody asks. */
  isProved?: (() => boolean) | undefined;
  /** It was on trial, and stays. */
  onKept(): void;
  lastingMs?: number | undefined;
}

export class HealthReport {
  readonly #options: HealthReportOptions;
  #timer: NodeJS.Timeout | undefined;
  #connection: NatsConnection | undefined;

  constructor(options: HealthReportOptions) {
    this.#options = options;
  }

  attach(connection: NatsConnection): void {
    this.#connection = connection;
    void this.#greet(connection);
  }

  detach(): void {
    this.#connection = undefined;
    clearTimeout(this.#timer);
  }

  /** The hub's server has answered over this connection. */
  async #greet(connection: NatsConnection): Promise<void> {
    const { stateDir, log, lastingMs = LASTING_MS } = this.#options;
    try {
      await connection.flush();
      if (this.#connection !== connection) return;
      await writeFile(join(stateDir, 'healthy'), `${AGENT_VERSION}\n`, { mode: 0o600 });
    } catch (error) {
      log.debug({ error }, 'It could not be written down that this agent reached its hub.');
    }
    if (this.#connection === connection) this.#keepIn(lastingMs);
  }

  #keepIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#keep(), ms).unref();
  }

  /** An agent that the hub does not believe would be cut off when its credentials end, and could not be updated again. */
  async #keep(): Promise<void> {
    const { places, ownFile, isProved, onKept, log } = this.#options;
    if (!places) return;
    if (isProved && !isProved()) return this.#keepIn(AGAIN_MS);
    try {
      if (!(await confirmTrial(places, ownFile))) return;
      log.info({ version: AGENT_VERSION }, 'This new agent has proved itself and stays.');
      onKept();
    } catch (error) {
      log.error({ error: (error as Error).message }, 'This new agent could not be kept: the one before comes back.');
    }
  }
}
