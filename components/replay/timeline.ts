/** Where something happens in a recording and where nothing does; chapters; the way over idle time. Pure, in seconds. */
import type { Recording } from '#contracts/recording.ts';

export interface Span {
  from: number;
  to: number;
}

/** Pauses longer than this can be skipped; this much of them is left before the next event. */
const IDLE_S = 3;
const LEFT_S = 0.5;

/** `times` ascending. The time before the first and after the last event counts too. */
export function idleSpans(times: readonly number[], lengthS: number): Span[] {
  const spans: Span[] = [];
  let before = 0;
  for (const t of [...times, lengthS]) {
    if (t - before > IDLE_S) spans.push({ from: before + LEFT_S, to: t - LEFT_S });
    before = Math.max(before, t);
  }
  return spans;
}

/** Where playing goes on from `t`: the end of the pause it stands in. */
export function overIdle(t: number, spans: readonly Span[]): number {
  const span = spans.find(({ from, to }) => t >= from && t < to);
  return span ? span.to : t;
}

export const nothingHappensFor = (spans: readonly Span[]): number => spans.reduce((sum, { from, to }) => sum + to - from, 0);

/** Share of events in each of `count` equal parts, the busiest is 1. */
export function activity(times: readonly number[], lengthS: number, count: number): number[] {
  const bars = new Array<number>(count).fill(0);
  if (lengthS <= 0) return bars;
  for (const t of times) {
    const at = Math.min(count - 1, Math.floor((t / lengthS) * count));
    bars[at] = bars[at]! + 1;
  }
  const most = Math.max(1, ...bars);
  return bars.map((bar) => Math.sqrt(bar / most));
}

export interface Chapter {
  t: number;
  /** Milliseconds since 1970. */
  atMs: number;
  words: string;
}

export function chaptersOf({ startedAt, people }: Recording, lengthS: number): Chapter[] {
  const startMs = Date.parse(startedAt);
  const at = (iso: string) => Math.min(lengthS, Math.max(0, (Date.parse(iso) - startMs) / 1_000));
  const chapters = people.flatMap(({ name, from, to }) => [
    { t: at(from), atMs: Date.parse(from), words: `${name} took control` },
    ...(Date.parse(to) < startMs + lengthS * 1_000 - 1_000
      ? [{ t: at(to), atMs: Date.parse(to), words: `${name} stopped typing` }]
      : []),
  ]);
  return chapters.sort((a, b) => a.t - b.t);
}

/** The next or previous of some moments; undefined: there is none. `slack` keeps a press from staying where it is. */
export function neighbourOf(moments: readonly number[], t: number, step: 1 | -1, slack = 0.3): number | undefined {
  return step > 0 ? moments.find((one) => one > t + slack) : moments.findLast((one) => one < t - slack);
}

/** `03:20`, from an hour on `1:03:20`. */
export function playTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const part = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(whole / 3_600);
  return `${hours > 0 ? `${hours}:` : ''}${part(Math.floor(whole / 60) % 60)}:${part(whole % 60)}`;
}

/** Who had control for how long: `sam 4 min, kim 2 min`. */
export function typedBy({ people }: Recording): { name: string; ms: number }[] {
  const sums = new Map<string, number>();
  for (const { name, from, to } of people) sums.set(name, (sums.get(name) ?? 0) + Math.max(0, Date.parse(to) - Date.parse(from)));
  return [...sums].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms);
}
