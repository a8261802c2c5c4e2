/** Says that this agent works: it reached its hub, and that lasts. The installer waits for it, and an agent on trial proves itself by it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from '../log.ts';
import { AGENT_VERSION } from '../version.ts';
import { confirmTrial, type UpdatePlaces } from './slots.ts';

/** An agent that falls over does so within seconds. */
const LASTING_MS = 10_000;

export interface HealthReportOptions {
  stateDir: string;
  places: UpdatePlaces | undefined;
  /** The file that runs. */
  ownFile: string;
  log: Logger;
  lastingMs?: number;
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
    const { stateDir, places, ownFile, log, lastingMs = LASTING_MS } = this.#options;
    try {
      await connection.flush();
      if (this.#connection !== connection) return;
      await writeFile(join(stateDir, 'healthy'), `${AGENT_VERSION}\n`, { mode: 0o600 });
    } catch (error) {
      log.debug({ error }, 'It could not be written down that this agent reached its hub.');
    }
    if (!places || this.#connection !== connection) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      confirmTrial(places, ownFile)
        .then((confirmed) => confirmed && log.info({ version: AGENT_VERSION }, 'This new agent has proved itself and stays.'))
        .catch((error: Error) =>
          log.error({ error: error.message }, 'This new agent could not be kept: the one before comes back.'),
        );
    }, lastingMs).unref();
  }
}
