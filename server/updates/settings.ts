/** How long a rollout waits for what. Set by the environment, in seconds, so that tests need no minutes. */
import { readSeconds } from '../read-seconds.ts';

export interface UpdateSettings {
  /** How long a new agent has to be there before others get it. */
  soakMs: number;
  /** Who has not come back with it in this time is not coming by itself. */
  patienceMs: number;
}

const DEFAULTS: UpdateSettings = { soakMs: 20_000, patienceMs: 15 * 60_000 };
const VARIABLE: Record<keyof UpdateSettings, string> = {
  soakMs: 'SCOREWALL_UPDATE_SOAK_SECONDS',
  patienceMs: 'SCOREWALL_UPDATE_PATIENCE_SECONDS',
};

export const readUpdateSettings = (env: Record<string, string | undefined>): UpdateSettings =>
  readSeconds(DEFAULTS, VARIABLE, env);
