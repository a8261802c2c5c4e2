/** Times that the environment may set, in seconds, over what they are without it. Throws for what is no time. */

export function readSeconds<T extends { [K in keyof T]: number }>(
  defaultsMs: T,
  variables: Record<keyof T, string>,
  env: Record<string, string | undefined>,
): T {
  const settings = { ...defaultsMs };
  for (const key of Object.keys(variables) as (keyof T)[]) {
    const text = env[variables[key]];
    if (!text) continue;
    const seconds = Number(text);
    if (!(seconds >= 0) || !Number.isFinite(seconds))
      throw new Error(
        `${variables[key]} is ${text}, which is no number of seconds. The hub does not start with it. Correct or remove it.`,
      );
    settings[key] = (seconds * 1_000) as T[keyof T];
  }
  return settings;
}
