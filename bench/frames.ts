/** Counts the frames a page really draws, by asking for every one of them. */
import type { Page } from '@playwright/test';

export interface Frames {
  perSecond: number;
  /** Longer than two frames at 60 per second: what an eye sees as a stutter. */
  long: number;
  longestMs: number;
}

export function countFrames(page: Page, forMs: number): Promise<Frames> {
  return page.evaluate(
    (windowMs) =>
      new Promise<Frames>((resolve) => {
        const gaps: number[] = [];
        let [first, last] = [0, 0];
        const onFrame = (at: number) => {
          if (first === 0) first = at;
          else gaps.push(at - last);
          last = at;
          if (at - first < windowMs) requestAnimationFrame(onFrame);
          else
            resolve({
              perSecond: (gaps.length * 1000) / (last - first),
              long: gaps.filter((gap) => gap > 34).length,
              longestMs: Math.max(...gaps),
            });
        };
        requestAnimationFrame(onFrame);
      }),
    forMs,
  );
}
