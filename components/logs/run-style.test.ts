import { expect, test } from 'vitest';
import { colourOf, contrast, readable } from './run-style.ts';

test('every colour of the palette on every other is readable', () => {
  for (let ink = 0; ink < 256; ink++)
    for (let ground = 0; ground < 256; ground++)
      expect(contrast(readable(colourOf(ink), colourOf(ground)), colourOf(ground))).toBeGreaterThanOrEqual(4.5);
});

test('the palette is the usual one', () => {
  expect(colourOf(16)).toEqual([0, 0, 0]);
  expect(colourOf(196)).toEqual([255, 0, 0]);
  expect(colourOf(231)).toEqual([255, 255, 255]);
  expect(colourOf(244)).toEqual([128, 128, 128]);
  expect(colourOf(0x1010203)).toEqual([1, 2, 3]);
});
