/**
 * Small pictures of desktops, made while somebody follows: one connection and one encoding for each desktop, however many look.
 * The loop asks for the next change at the pace of the most eager follower, so a desktop that stands still costs nothing.
 */
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { StreamRefusal } from '#contracts/stream/session.ts';
import type { Logger } from '../../log.ts';
import { StreamEnded } from './byte-reader.ts';
import type { Framebuffer } from './framebuffer.ts';
import { encodeJpeg, LARGEST_BOX, NoEncoder, type PictureBox } from './jpeg.ts';
import { RfbClient, RfbError } from './rfb-client.ts';
import type { ScreenDoor, ScreenTarget } from './screen-door.ts';

export interface ScreenPicture {
  /** Milliseconds since 1970. */
  at: number;
  /** Of the desktop. */
  width: number;
  height: number;
  jpeg: Uint8Array;
}

export interface Pace {
  fps: number;
  box?: PictureBox;
}

const RETRY_MS = 3_000;
const HANDSHAKE_MS = 10_000;

export class ScreenFollower {
  #pace: Pace;
  #watch: Watch;
  #seen: ScreenPicture | undefined;

  constructor(watch: Watch, pace: Pace) {
    this.#watch = watch;
    this.#pace = pace;
  }

  get pace(): Pace {
    return this.#pace;
  }

  set pace(pace: Pace) {
    this.#pace = pace;
    this.#watch.fitAgain();
  }

  /** The newest picture, once; `again`: also where it was had before. */
  take(again = false): ScreenPicture | undefined {
    const newest = this.#watch.newest;
    if (!newest || (newest === this.#seen && !again)) return undefined;
    this.#seen = newest;
    return newest;
  }

  /** Why there are no pictures, for people. */
  get trouble(): string | undefined {
    return this.#watch.trouble;
  }

  close(): void {
    this.#watch.leave(this);
  }
}

export class ScreenPictures {
  readonly #door: ScreenDoor;
  readonly #log: Logger;
  readonly #watches = new Map<string, Watch>();

  constructor(door: ScreenDoor, log: Logger) {
    this.#door = door;
    this.#log = log;
  }

  /** Until `close` of what is returned. */
  follow(target: ScreenTarget, pace: Pace): ScreenFollower {
    const key = `${target.deployment}/${target.service}`;
    let watch = this.#watches.get(key);
    if (!watch) {
      watch = new Watch(
        () => this.#door.open(target),
        this.#log,
        () => this.#watches.delete(key),
      );
      this.#watches.set(key, watch);
    }
    return watch.join(pace);
  }

  /** Desktops that are connected to now. */
  get watched(): number {
    return this.#watches.size;
  }
}

class Watch {
  newest: ScreenPicture | undefined;
  trouble: string | undefined;
  readonly #open: () => Promise<Socket>;
  readonly #log: Logger;
  readonly #onEmpty: () => void;
  readonly #followers = new Set<ScreenFollower>();
  readonly #ending = new AbortController();
  #running = false;
  #picture: Framebuffer | undefined;
  #fitted: PictureBox = LARGEST_BOX;

  constructor(open: () => Promise<Socket>, log: Logger, onEmpty: () => void) {
    this.#open = open;
    this.#log = log;
    this.#onEmpty = onEmpty;
  }

  join(pace: Pace): ScreenFollower {
    const follower = new ScreenFollower(this, pace);
    this.#followers.add(follower);
    this.fitAgain();
    if (!this.#running) {
      this.#running = true;
      void this.#run();
    }
    return follower;
  }

  /** The tiles have another size now: a desktop that stands still would keep the old one for ever. */
  fitAgain(): void {
    const box = this.#box();
    if (!this.#picture || (box.width === this.#fitted.width && box.height === this.#fitted.height)) return;
    void this.#encode(this.#picture).catch(() => undefined);
  }

  leave(follower: ScreenFollower): void {
    if (!this.#followers.delete(follower) || this.#followers.size > 0) return;
    this.#onEmpty();
    this.#ending.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#ending;
    while (!signal.aborted) {
      try {
        await this.#watchOnce(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.trouble = wordsOf(error);
        if (!this.trouble) this.#log.error({ error: (error as Error).stack }, 'Small pictures of a screen failed.');
        this.trouble ??= 'The pictures of this screen failed on the device. Zoom in to see the screen itself.';
      }
      await delay(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #watchOnce(signal: AbortSignal): Promise<void> {
    const socket = await this.#open();
    const end = () => socket.destroy();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const late = setTimeout(() => socket.destroy(new RfbError('The desktop did not say who it is in time.')), HANDSHAKE_MS);
    // Not `once`: it would reject on an error at a moment when nobody waits for it.
    const closed = new Promise((resolve) => socket.once('close', resolve));
    try {
      const client = await RfbClient.open(socket);
      clearTimeout(late);
      while (!signal.aborted) {
        const startedAt = performance.now();
        await client.update();
        this.#picture = client.picture;
        await this.#encode(client.picture);
        this.trouble = undefined;
        const restMs = 1_000 / this.#fps() - (performance.now() - startedAt);
        if (restMs > 0) await delay(restMs, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      clearTimeout(late);
      this.#picture = undefined;
      signal.removeEventListener('abort', end);
      socket.destroy();
      await closed;
    }
  }

  async #encode(picture: Framebuffer): Promise<void> {
    const box = this.#box();
    const jpeg = await encodeJpeg(picture, box);
    this.newest = { at: Date.now(), width: picture.width, height: picture.height, jpeg };
    this.#fitted = box;
  }

  #fps(): number {
    return Math.max(0.1, ...[...this.#followers].map(({ pace }) => pace.fps));
  }

  #box(): PictureBox {
    const boxes = [...this.#followers].map(({ pace }) => pace.box ?? LARGEST_BOX);
    const widest = (side: 'width' | 'height') =>
      Math.min(LARGEST_BOX[side], Math.max(64, ...boxes.map((box) => Math.ceil(box[side] / 16) * 16)));
    return { width: widest('width'), height: widest('height') };
  }
}

function wordsOf(error: unknown): string | undefined {
  if (error instanceof RfbError || error instanceof StreamRefusal || error instanceof NoEncoder) return error.message;
  if (error instanceof StreamEnded || (error as NodeJS.ErrnoException).code !== undefined)
    return 'The desktop closed the connection. It is tried again in a moment.';
  return undefined;
}
