/** The picture of a desktop: four bytes a pixel, red, green, blue and one that means nothing. */

/** 3840 x 2160: 33 MB. */
const MOST_PIXELS = 3_840 * 2_160;
const LONGEST_SIDE = 8_192;
export const PIXEL_BYTES = 4;

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

export class Framebuffer {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;

  /** Throws `RangeError`, in words, for a size that no desktop of ours has. */
  constructor(width: number, height: number) {
    if (width < 1 || height < 1 || width > LONGEST_SIDE || height > LONGEST_SIDE || width * height > MOST_PIXELS)
      throw new RangeError(`The desktop says it is ${width} x ${height}; up to 3840 x 2160 can be shown.`);
    this.width = width;
    this.height = height;
    this.pixels = Buffer.alloc(width * height * PIXEL_BYTES);
  }

  contains({ x, y, width, height }: Rectangle): boolean {
    return x + width <= this.width && y + height <= this.height;
  }

  offsetOf(x: number, y: number): number {
    return (y * this.width + x) * PIXEL_BYTES;
  }

  copy({ x, y, width, height }: Rectangle, fromX: number, fromY: number): void {
    // From the end that is not overwritten first.
    for (let line = 0; line < height; line++) {
      const row = fromY < y ? height - 1 - line : line;
      const from = this.offsetOf(fromX, fromY + row);
      this.pixels.copy(this.pixels, this.offsetOf(x, y + row), from, from + width * PIXEL_BYTES);
    }
  }
}
