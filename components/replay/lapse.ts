/** A screen's recording, one picture a second at most: lines of JSON. Pure. */
import { ScreenLapseEntry } from '#contracts/recording.ts';

export interface Lapse {
  lengthS: number;
  times: readonly number[];
  /** Base64 of a JPEG, for each time. */
  pictures: readonly string[];
}

/** `recordedS`: how long it ran; the desktop may have stood still at the end. */
export function parseLapse(text: string, recordedS = 0): Lapse {
  const entries = text
    .split('\n')
    .flatMap((line) => {
      try {
        return ScreenLapseEntry.safeParse(JSON.parse(line)).data ?? [];
      } catch {
        return [];
      }
    })
    .sort((a, b) => a.t - b.t);
  return {
    lengthS: Math.max(entries.at(-1)?.t ?? 0, entries.length > 0 ? recordedS : 0),
    times: entries.map(({ t }) => t),
    pictures: entries.map(({ jpeg }) => jpeg),
  };
}

/** The last of `times` that is not later than `t`; -1: none yet. */
export function indexAt(times: readonly number[], t: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (times[middle]! <= t) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
