import { describe, expect, it } from 'vitest';
import { keptStep, otherWall, pageCount, stepsOf, tilesPerPage } from './playlist.ts';

const steps = stepsOf([
  { name: 'main', pages: 2 },
  { name: 'berlin', pages: 1 },
]);

describe('what a TV shows', () => {
  it('is every page of every wall, in order', () => {
    expect(steps.map(({ wall, page }) => `${wall} ${page}`)).toEqual(['main 0', 'main 1', 'berlin 0']);
  });

  it('stays where it is when devices come and go', () => {
    expect(keptStep(stepsOf([{ name: 'main', pages: 3 }]), steps[1])).toBe(1);
    expect(keptStep(stepsOf([{ name: 'main', pages: 1 }]), steps[1])).toBe(0);
    expect(keptStep(stepsOf([{ name: 'other', pages: 1 }]), steps[1])).toBe(0);
  });

  it('goes to the beginning of another wall, around the end', () => {
    expect(otherWall(steps, 1, 1)).toBe(2);
    expect(otherWall(steps, 2, 1)).toBe(0);
    expect(otherWall(steps, 0, -1)).toBe(2);
    expect(otherWall([], 0, 1)).toBe(0);
  });

  it('leaves room for names that are read from the sofa', () => {
    expect(tilesPerPage({ width: 1920, height: 1080 })).toBe(16);
    expect(tilesPerPage({ width: 300, height: 100 })).toBe(1);
    expect([0, 16, 17].map((count) => pageCount(count, 16))).toEqual([1, 1, 2]);
  });
});
