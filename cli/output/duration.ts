/** Times for people: how old something is, how long something took, how much something holds. */
const STEPS: readonly [number, string][] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** `3 d`, `12 min`, `4 s`: the largest unit that fits. */
export function formatAge(ageMs: number): string {
  const [unitMs, unit] = STEPS.find(([size]) => ageMs >= size) ?? [1000, 's'];
  return `${Math.max(0, Math.floor(ageMs / unitMs))} ${unit}`;
}

export const ageOf = (iso: string | undefined, nowMs: number): string => (iso ? formatAge(nowMs - Date.parse(iso)) : '-');

/** `0.84 s`, `12.3 s`. */
export const formatTook = (durationMs: number): string => `${(durationMs / 1000).toFixed(durationMs < 10_000 ? 2 : 1)} s`;

/** In thousands, as on the wall and on the box of a disk. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** step;
  return `${value >= 10 || step === 0 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}
