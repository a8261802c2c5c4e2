/** What a recording shows at a time: a terminal on the guarded xterm, a screen on a canvas. Nothing goes back from either. */
import { jpegSize } from '#contracts/jpeg-size.ts';
import type { XtermScreen } from '../terminal/xterm-screen.ts';
import { type Cast, sizeOf } from './cast.ts';
import { indexAt, type Lapse } from './lapse.ts';

export interface Track {
  lengthS: number;
  /** When something changes, ascending. */
  times: readonly number[];
  /** Shows how it was at `t`. */
  seek(t: number): void;
  dispose(): void;
}

/** Output is written in pieces of this many characters, so that a jump does not hold up the page. */
const PIECE = 64 * 1024;

export class TerminalTrack implements Track {
  readonly lengthS: number;
  readonly times: readonly number[];
  #cast: Cast;
  #screen: XtermScreen;
  #encoder = new TextEncoder();
  /** Events that are written. */
  #done = -1;

  constructor(cast: Cast, screen: XtermScreen) {
    this.#cast = cast;
    this.#screen = screen;
    this.lengthS = cast.lengthS;
    this.times = cast.events.map(({ t }) => t);
  }

  seek(t: number): void {
    const to = indexAt(this.times, t) + 1;
    if (this.#done < 0 || to < this.#done) {
      this.#screen.reset(this.#cast.cols, this.#cast.rows);
      this.#done = 0;
    }
    let text = '';
    const flush = () => {
      if (text) this.#screen.write(this.#encoder.encode(text), () => undefined);
      text = '';
    };
    for (; this.#done < to; this.#done++) {
      const { kind, data } = this.#cast.events[this.#done]!;
      const size = kind === 'size' ? sizeOf(data) : undefined;
      if (size) {
        flush();
        this.#screen.resize(size.cols, size.rows);
      } else text += data;
      if (text.length > PIECE) flush();
    }
    flush();
  }

  dispose(): void {
    this.#screen.dispose();
  }
}

export class LapseTrack implements Track {
  readonly lengthS: number;
  readonly times: readonly number[];
  #lapse: Lapse;
  #canvas: HTMLCanvasElement;
  #wanted = -1;
  #drawing = false;
  #gone = false;

  constructor(lapse: Lapse, canvas: HTMLCanvasElement) {
    this.#lapse = lapse;
    this.#canvas = canvas;
    this.lengthS = lapse.lengthS;
    this.times = lapse.times;
  }

  seek(t: number): void {
    const index = Math.max(0, indexAt(this.times, t));
    if (index === this.#wanted) return;
    this.#wanted = index;
    if (!this.#drawing) void this.#draw();
  }

  dispose(): void {
    this.#gone = true;
  }

  /** One at a time; what was asked for meanwhile is drawn next, what lies between is left out. */
  async #draw(): Promise<void> {
    this.#drawing = true;
    for (let drawn = -1; drawn !== this.#wanted && !this.#gone; ) {
      drawn = this.#wanted;
      const picture = await decode(this.#lapse.pictures[drawn] ?? '');
      if (!picture || this.#gone) continue;
      this.#canvas.width = picture.width;
      this.#canvas.height = picture.height;
      this.#canvas.getContext('2d')?.drawImage(picture, 0, 0);
      picture.close();
    }
    this.#drawing = false;
  }
}

/** Undefined: it cannot be drawn. Only the browser's own decoder for pictures ever sees it. */
async function decode(base64: string): Promise<ImageBitmap | undefined> {
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    if (!jpegSize(bytes)) return undefined;
    return await createImageBitmap(new Blob([bytes], { type: 'image/jpeg' }));
  } catch {
    return undefined;
  }
}
