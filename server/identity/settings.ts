/** How long things about identity last. Every one can be set by the environment, in seconds, so that tests need no days. */
import { readSeconds } from '../read-seconds.ts';

export interface IdentitySettings {
  /** Life of a device's JWT; the device renews it at a third. */
  jwtMs: number;
  /** From one rotation of a device's key to the next, give or take a fifth. */
  rotateMs: number;
  /** What a device waits before it commits to its next key, so that a card that lost the write is found out. */
  settleMs: number;
  /** The old key is refused at the latest this long after the new one was sealed. */
  retireMs: number;
  /** Who was away for longer than this needs a person to be let in. */
  absenceMs: number;
  /** At most one checkpoint of the ledger in this time. */
  checkpointMs: number;
  /** How often the account on the server is compared with what it should be. */
  watchMs: number;
}

const SECOND_MS = 1_000;
const DAY_MS = 86_400_000;

const DEFAULTS: IdentitySettings = {
  jwtMs: DAY_MS,
  rotateMs: DAY_MS,
  settleMs: 3 * SECOND_MS,
  retireMs: 60 * SECOND_MS,
  absenceMs: 14 * DAY_MS,
  checkpointMs: 10 * SECOND_MS,
  watchMs: 5 * SECOND_MS,
};

const VARIABLE: Record<keyof IdentitySettings, string> = {
  jwtMs: 'SCOREWALL_IDENTITY_JWT_SECONDS',
  rotateMs: 'SCOREWALL_IDENTITY_ROTATE_SECONDS',
  settleMs: 'SCOREWALL_IDENTITY_SETTLE_SECONDS',
  retireMs: 'SCOREWALL_IDENTITY_RETIRE_SECONDS',
  absenceMs: 'SCOREWALL_IDENTITY_ABSENCE_SECONDS',
  checkpointMs: 'SCOREWALL_IDENTITY_CHECKPOINT_SECONDS',
  watchMs: 'SCOREWALL_IDENTITY_WATCH_SECONDS',
};

export const readIdentitySettings = (env: Record<string, string | undefined>): IdentitySettings =>
  readSeconds(DEFAULTS, VARIABLE, env);
