/** From when to when lines are asked for: choices, and two fields of local time. Pure; the clock comes in. */
export const RANGES = {
  latest: 'Latest 1,000 lines',
  '15m': 'Last 15 minutes',
  '1h': 'Last hour',
  '24h': 'Last 24 hours',
  all: 'Everything kept',
  between: 'Between two times …',
} as const;
export type RangeChoice = keyof typeof RANGES;

export interface TimeRange {
  choice: RangeChoice;
  /** Of `datetime-local` fields, for `between`; may be empty. */
  from: string;
  to: string;
  /** The moment it was chosen: what the lengths count from. */
  atMs: number;
}

const MINUTE_MS = 60_000;
const LENGTH_MS: Readonly<Partial<Record<RangeChoice, number>>> = {
  '15m': 15 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '24h': 24 * 60 * MINUTE_MS,
};
const LATEST_LINES = 1_000;
const MOST_LINES = 100_000;

export interface RangeQuery {
  tail: number;
  since?: string;
  until?: string;
  follow: boolean;
}

export function toRangeQuery({ choice, from, to, atMs }: TimeRange): RangeQuery {
  if (choice === 'latest') return { tail: LATEST_LINES, follow: true };
  const lengthMs = LENGTH_MS[choice];
  const since = lengthMs ? new Date(atMs - lengthMs).toISOString() : choice === 'between' ? toIso(from) : undefined;
  const until = choice === 'between' ? toIso(to) : undefined;
  return { tail: MOST_LINES, ...(since ? { since } : {}), ...(until ? { until } : {}), follow: !until };
}

function toIso(local: string): string | undefined {
  const ms = Date.parse(local);
  return Number.isNaN(ms) ? undefined : new Date(ms).toISOString();
}
