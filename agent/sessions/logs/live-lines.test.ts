import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LiveLines } from './live-lines.ts';
import { encodeLine, recordOf } from './log-line.ts';

it('is bounded, keeps the order, and what came and what is counted as missed is all there was', () => {
  const step = fc.oneof(fc.integer({ min: 1, max: 400 }), fc.constant('take' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const live = new LiveLines();
      let n = 0;
      const seen: number[] = [];
      let missed = 0;
      const take = () => {
        for (let bytes = live.take(32_768); bytes; bytes = live.take(32_768)) {
          expect(bytes.length).toBeLessThanOrEqual(32_768);
          for (const text of bytes.toString().trimEnd().split('\n')) {
            const record = recordOf({ n: 0, t: 0, key: '', bytes: Buffer.from(text) });
            if (record.o === 'gap') missed += record.lines;
            else seen.push(record.n);
          }
        }
      };
      for (const one of steps) {
        if (one === 'take') take();
        else for (let count = 0; count < one; count++) live.push(encodeLine(++n, n, 'a/b', { o: 'out', x: 'x'.repeat(300) }));
      }
      take();
      expect(live.isEmpty).toBe(true);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.length + missed).toBe(n);
      if (n > 0) expect(seen.at(-1)).toBe(n);
    }),
  );
});

it('gives no part of a line where there is no room for one', () => {
  const live = new LiveLines();
  live.push(encodeLine(1, 1, 'a/b', { o: 'out', x: 'x'.repeat(300) }));
  expect(live.take(100)).toBeUndefined();
  expect(live.take(1_000)?.length).toBeGreaterThan(300);
});
