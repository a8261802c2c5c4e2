/** What makes the pictures of one face while somebody looks, and where they go. */

export interface PeekPace {
  fps: number;
  /** Pixels the picture has on the wall. */
  width: number;
  height: number;
  /** Lines of text that fit. */
  rows: number;
}

export interface PeekSink {
  /** False: it did not go out, and the next one must be whole. */
  publish(bytes: Uint8Array): boolean;
  /** Why there is nothing to see, for people; undefined: there is. */
  tell(why: string | undefined): void;
}

export interface PeekFeed {
  setPace(pace: PeekPace): void;
  /** The next picture is whole, and comes although nothing changed. */
  resync(): void;
  stop(): void;
}

/** How one kind of face is made. */
export interface FaceMaker<F> {
  /** In words, where it cannot be seen at all. */
  whyNot(face: F): string | undefined;
  start(face: F, pace: PeekPace, sink: PeekSink): PeekFeed;
}

/** A feed that looks at its source at the pace of the viewers and says nothing while nothing changed. */
export class TickingFeed implements PeekFeed {
  #pace: PeekPace;
  #sink: PeekSink;
  /** undefined: nothing new. `whole`: the newest, new or not. */
  #make: (whole: boolean) => Uint8Array | undefined;
  #onStop: () => void;
  #whole = true;
  #timer: ReturnType<typeof setTimeout>;

  constructor(pace: PeekPace, sink: PeekSink, make: (whole: boolean) => Uint8Array | undefined, onStop: () => void) {
    this.#pace = pace;
    this.#sink = sink;
    this.#make = make;
    this.#onStop = onStop;
    this.#timer = setTimeout(() => this.#tick(), 0);
  }

  setPace(pace: PeekPace): void {
    const isFaster = pace.fps > this.#pace.fps;
    this.#pace = pace;
    if (isFaster) this.#tick();
  }

  resync(): void {
    this.#whole = true;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#onStop();
  }

  #tick(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tick(), 1_000 / this.#pace.fps);
    const bytes = this.#make(this.#whole);
    if (bytes) this.#whole = !this.#sink.publish(bytes);
  }
}
