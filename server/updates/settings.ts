/** How long a rollout waits for what. Set by the environment, in seconds, so that tests need no minutes. */
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

export function readUpdateSettings(env: Record<string, string | undefined>): UpdateSettings {
  const settings = { ...DEFAULTS };
  for (const [key, variable] of Object.entries(VARIABLE) as [keyof UpdateSettings, string][]) {
    const text = env[variable];
    if (!text) continue;
    const seconds = Number(text);
    if (!(seconds >= 0) || !Number.isFinite(seconds))
      throw new Error(
        `${variable} is ${text}, which is no number of seconds. The hub does not start with it. Correct or remove it.`,
      );
    settings[key] = seconds * 1_000;
  }
  return settings;
}
