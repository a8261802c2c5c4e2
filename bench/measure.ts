/** What a bench finds out: a figure beside its reference, measured in the same run, and whether it is what it must be. */

export interface Figure {
  what: string;
  /** For the table, with its unit. */
  value: string;
  /** The reference beside it, with its unit; empty where there is none. */
  beside: string;
  /** Value over reference. */
  ratio?: number;
  must?: { text: string; held: boolean };
  /** The figures behind it, for `--json`. */
  data: Readonly<Record<string, number>>;
}

export interface Summary {
  count: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

export function summarize(samples: readonly number[]): Summary {
  if (samples.length === 0) throw new RangeError('There is nothing to summarize.');
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1)! };
}

export function milliseconds(value: number): string {
  if (value < 0.1) return `${Math.round(value * 1_000)} µs`;
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;
}
const spread = ({ p50, p95 }: Summary): string => `${milliseconds(p50)} / ${milliseconds(p95)}`;

/** Two sets of times, side by side: p50 / p95 of each, the ratio of the medians. */
export function compareTimes(
  what: string,
  samples: readonly number[],
  reference: { what: string; samples: readonly number[] },
  must?: { text: string; holds(ours: Summary, theirs: Summary): boolean },
): Figure {
  const [ours, theirs] = [summarize(samples), summarize(reference.samples)];
  return {
    what,
    value: spread(ours),
    beside: `${reference.what} ${spread(theirs)}`,
    ratio: ours.p50 / theirs.p50,
    ...(must ? { must: { text: must.text, held: must.holds(ours, theirs) } } : {}),
    data: { ...prefixed('', ours), ...prefixed('reference', theirs) },
  };
}

function prefixed(prefix: string, summary: Summary): Record<string, number> {
  return Object.fromEntries(
    Object.entries(summary).map(([key, value]) => [prefix ? `${prefix}${key[0]!.toUpperCase()}${key.slice(1)}` : key, value]),
  );
}
