import { expect, test } from 'vitest';
import { compareTimes, summarize } from './measure.ts';

test('the median of an even number of samples is the lower of the two in the middle, the maximum the last', () => {
  expect(summarize([4, 1, 3, 2])).toEqual({ count: 4, p50: 2, p95: 4, p99: 4, max: 4 });
});

test('no samples are an error, not a zero', () => {
  expect(() => summarize([])).toThrow(RangeError);
});

test('a comparison carries ratio, verdict and the figures behind them', () => {
  const figure = compareTimes(
    'ours',
    [20, 22, 21],
    { what: 'floor', samples: [10, 11, 12] },
    {
      text: 'at most 5 ms more',
      holds: (ours, theirs) => ours.p50 - theirs.p50 <= 5,
    },
  );
  expect(figure).toMatchObject({ value: '21 ms / 22 ms', beside: 'floor 11 ms / 12 ms', must: { held: false } });
  expect(figure.ratio).toBeCloseTo(21 / 11);
  expect(figure.data).toMatchObject({ p50: 21, referenceP50: 11 });
});
