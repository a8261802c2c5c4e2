/** A canvas that shows a desktop: the newest picture only, decoded beside the page's own work, with bars where its shape is another. */
import { jpegSize } from '#contracts/jpeg-size.ts';
import type { ScreenPeek } from '#contracts/peek.ts';
import { type Paintable, paintNever, paintSoon } from './frame-queue.ts';
import { letterbox, type PixelSize } from './picture-geometry.ts';
import { TERMINAL_GROUND } from './terminal-colours.ts';

export class ScreenSurface implements Paintable {
  readonly #canvas: HTMLCanvasElement;
  readonly #context: CanvasRenderingContext2D | null;
  #bitmap: ImageBitmap | undefined;
  #next: ScreenPeek | undefined;
  #decoding = false;
  #closed = false;

  constructor(canvas: HTMLCanvasElement) {
    this.#canvas = canvas;
    this.#context = canvas.getContext('2d', { alpha: false });
  }

  resize({ width, height }: PixelSize): void {
    if (this.#canvas.width === width && this.#canvas.height === height) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    if (this.#bitmap) paintSoon(this);
  }

  show(picture: ScreenPeek): void {
    this.#next = picture;
    if (!this.#decoding) void this.#decode();
  }

  close(): void {
    this.#closed = true;
    paintNever(this);
    this.#bitmap?.close();
    this.#bitmap = undefined;
  }

  paint(): void {
    const [context, bitmap, { width, height }] = [this.#context, this.#bitmap, this.#canvas];
    if (!context || !bitmap || width === 0 || height === 0) return;
    const place = letterbox({ width, height }, bitmap);
    context.fillStyle = TERMINAL_GROUND;
    context.fillRect(0, 0, width, height);
    context.imageSmoothingQuality = 'high';
    context.drawImage(bitmap, place.x, place.y, place.width, place.height);
  }

  /** While one picture is decoded, those that come are skipped but for the last. */
  async #decode(): Promise<void> {
    this.#decoding = true;
    for (let picture = this.#next; picture && !this.#closed; picture = this.#next) {
      this.#next = undefined;
      if (!jpegSize(picture.jpeg)) continue;
      try {
        const bitmap = await createImageBitmap(new Blob([picture.jpeg.slice()], { type: 'image/jpeg' }));
        if (this.#closed) bitmap.close();
        else {
          this.#bitmap?.close();
          this.#bitmap = bitmap;
          paintSoon(this);
        }
      } catch {
        // No picture: the one before stays, and the age beside it says so.
      }
    }
    this.#decoding = false;
  }
}
