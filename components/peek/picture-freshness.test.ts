import { describe, expect, it } from 'vitest';
import { pictureFreshness } from './picture-freshness.ts';

const at = (heardAgoMs: number, changedAgoMs: number) =>
  pictureFreshness({ heardAtMs: 100_000 - heardAgoMs, changedAtMs: 100_000 - changedAgoMs }, 100_000);

describe('the age of a picture', () => {
  it('is live while it moves, quiet while only the device speaks', () => {
    expect(at(200, 4_000).word).toBe('live');
    expect(at(200, 6_000).word).toBe('quiet');
    expect(at(6_000, 60_000).word).toBe('quiet');
  });

  it('is late in whole seconds once the device is not heard', () => {
    expect(at(12_900, 12_900)).toEqual({ word: 'late', ageMs: 12_000 });
  });

  it('waits for the first picture', () => {
    expect(pictureFreshness({ heardAtMs: 1, changedAtMs: undefined }, 2).word).toBe('waiting');
  });
});
