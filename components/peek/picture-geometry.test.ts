import { describe, expect, it } from 'vitest';
import { letterbox, placeText } from './picture-geometry.ts';

const terminal = (x: number, y: number, cols = 80, rows = 24) => ({ cols, rows, cursor: { x, y } });

describe('text in a tile', () => {
  it('is shown whole while a line keeps nine pixels', () => {
    expect(placeText({ width: 597, height: 270 }, terminal(0, 0), 1)).toMatchObject({
      mode: 'fit',
      cellHeight: 11,
      cellWidth: 6,
      columns: 80,
      rows: 24,
    });
  });

  it('counts the pixels of a sharp screen', () => {
    const place = placeText({ width: 1194, height: 540 }, terminal(0, 0), 2);
    expect(place).toMatchObject({ mode: 'fit', cellHeight: 22 });
    expect(placeText({ width: 597, height: 270 }, terminal(0, 0), 2).mode).toBe('crop');
  });

  it('is cropped to the corner of the cursor where it would be mush', () => {
    const place = placeText({ width: 340, height: 121 }, terminal(3, 20), 1);
    expect(place).toMatchObject({ mode: 'crop', cellHeight: 11, left: 0, rows: 11, top: 10 });
    expect(place.top + place.rows).toBeGreaterThan(20);
  });

  it('follows a cursor that leaves the shown columns, and never leaves the terminal', () => {
    const place = placeText({ width: 340, height: 121 }, terminal(79, 0), 1);
    expect(place.left + place.columns).toBe(80);
    expect(place.top).toBe(0);
  });

  it('fits into its area with whole pixels', () => {
    for (const width of [120, 333, 597, 1201])
      for (const height of [60, 131, 270, 700]) {
        const place = placeText({ width, height }, terminal(40, 12, 132, 43), 1.5);
        expect(place.cellWidth * place.columns).toBeLessThanOrEqual(Math.max(width, place.cellWidth));
        expect(place.cellHeight * place.rows).toBeLessThanOrEqual(Math.max(height, place.cellHeight));
        expect(Object.values(place).every((one) => typeof one === 'string' || Number.isInteger(one))).toBe(true);
      }
  });
});

describe('a desktop in a tile', () => {
  it('keeps its shape between bars', () => {
    expect(letterbox({ width: 600, height: 200 }, { width: 1280, height: 800 })).toEqual({
      width: 320,
      height: 200,
      x: 140,
      y: 0,
    });
    expect(letterbox({ width: 320, height: 400 }, { width: 1280, height: 800 })).toEqual({
      width: 320,
      height: 200,
      x: 0,
      y: 100,
    });
  });
});
