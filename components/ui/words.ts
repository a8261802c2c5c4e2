/** Ages, clock times, sizes and names as the wall says them. Pure; times of day follow the locale's 24 hours. */
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** `12 s`, `11 min`, `3 h`, `4 d`: one number, rounded down. */
export function age(ms: number): string {
  const passed = Math.max(0, ms);
  if (passed < 2 * MINUTE) return `${Math.floor(passed / SECOND)} s`;
  if (passed < 2 * HOUR) return `${Math.floor(passed / MINUTE)} min`;
  if (passed < 2 * DAY) return `${Math.floor(passed / HOUR)} h`;
  return `${Math.floor(passed / DAY)} d`;
}

/** `3 d 4 h`: two numbers, for how long something runs. */
export function duration(ms: number): string {
  const days = Math.floor(ms / DAY);
  const hours = Math.floor((ms % DAY) / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  if (days > 0) return `${days} d ${hours} h`;
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min`;
}

const clockFormat = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const secondsFormat = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const weekdayFormat = new Intl.DateTimeFormat(undefined, { weekday: 'long' });
const dateFormat = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const zonedFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long', hourCycle: 'h23' });

export const clock = (ms: number): string => clockFormat.format(ms);
export const clockWithSeconds = (ms: number): string => secondsFormat.format(ms);
/** For a tooltip: the whole time with its zone. */
export const zoned = (ms: number): string => zonedFormat.format(ms);

/** `13:52`, from yesterday on with the day: `Monday 13:52`, `3 Mar 13:52`. */
export function since(ms: number, nowMs: number): string {
  const passed = nowMs - ms;
  if (passed < DAY) return clock(ms);
  return passed < 6 * DAY ? `${weekdayFormat.format(ms)} ${clock(ms)}` : `${dateFormat.format(ms)} ${clock(ms)}`;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

export function size(bytes: number): string {
  let value = bytes;
  let unit = 0;
  for (; value >= 1_000 && unit < UNITS.length - 1; unit++) value /= 1_000;
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** `Aria`, `Aria and Octavia`, `Aria, Octavia and 3 more`. */
export function listNames(names: readonly string[], most = 3): string {
  if (names.length <= 1) return names[0] ?? '';
  const shown = names.length > most ? names.slice(0, most - 1) : names.slice(0, -1);
  const last = names.length > most ? `${names.length - shown.length} more` : names.at(-1);
  return `${shown.join(', ')} and ${last}`;
}

/** Everybody else who looks at something, each once; who types is said elsewhere. */
export const othersWatching = (
  state: { viewers: string[]; writer?: { name: string } } | undefined,
  me: string | undefined,
): string[] => (state?.viewers ?? []).filter((name) => name !== me && name !== state?.writer?.name);

/** `00:04:12` */
export function elapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  const part = (value: number) => String(value).padStart(2, '0');
  return `${part(Math.floor(seconds / 3_600))}:${part(Math.floor(seconds / 60) % 60)}:${part(seconds % 60)}`;
}

/** `registry.local:5000/team/vision:1.4.2@sha256:…` is `vision` `1.4.2`. */
export function imageParts(image: string): { name: string; tag: string } {
  const [reference = '', digest] = image.split('@');
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  const colon = name.indexOf(':');
  if (colon >= 0) return { name: name.slice(0, colon), tag: name.slice(colon + 1) };
  return { name, tag: digest ? digest.replace(/^sha256:/, '').slice(0, 12) : 'latest' };
}
