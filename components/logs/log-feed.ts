/**
 * Log sessions of any number of devices into one book. Bytes wait in a queue and are read within a budget per animation frame: a flood
 * makes the device send less (it gets no credit), never the page freeze.
 */
import type { LogSource } from '#contracts/stream/log.ts';
import { LogLines } from '#contracts/stream/log-lines.ts';
import type { StreamProgress } from '#contracts/stream/session.ts';
import type { LiveLink } from '../live/live-link.ts';
import { type StreamPhase, StreamViewer } from '../live/stream-viewer.ts';
import { LogBook } from './log-book.ts';
import type { QueryText } from './query.ts';

export interface LogQuery {
  /** Without `sources`: every service of the device. */
  devices: readonly { device: string; sources?: readonly LogSource[] }[];
  tail: number;
  since?: string | undefined;
  until?: string | undefined;
  around?: number | undefined;
  follow: boolean;
  search?: QueryText | undefined;
}

export interface DeviceFeed {
  device: string;
  phase: StreamPhase;
  progress?: StreamProgress;
  /** Time of the oldest line the device still has. */
  oldest?: string;
}

export interface FeedState {
  lines: LogBook['lines'];
  dropped: number;
  taken: number;
  devices: readonly DeviceFeed[];
}

const FRAME_BUDGET_MS = 8;
/** New lines are drawn so often at most: nobody reads faster, and a flood leaves the page its time. */
const DRAW_EVERY_MS = 60;
/** What may have been under way when a session ended is asked for again; the book takes nothing twice. */
const OVERLAP_MS = 2_000;
const AGAIN_LINES = 100_000;
const EMPTY_FEED: FeedState = { lines: [], dropped: 0, taken: 0, devices: [] };

export class LogFeed {
  state: FeedState = EMPTY_FEED;
  #book = new LogBook();
  #devices = new Map<string, DeviceFeed>();
  #viewers: StreamViewer[] = [];
  #queue: { device: string; lines: LogLines; bytes: Uint8Array; consumed: () => void }[] = [];
  #frame: number | undefined;
  #drawnAtMs = 0;
  #onChange: () => void;
  #query: LogQuery;

  constructor(query: LogQuery, onChange: () => void) {
    this.#query = query;
    this.#onChange = onChange;
  }

  /** Opens a session with each device; after a `close` it goes on where it was. */
  open(link: LiveLink | undefined): void {
    for (const { device, sources } of this.#query.devices) {
      let lines = new LogLines();
      this.#tell(device, { phase: { kind: 'asking' } });
      const viewer = new StreamViewer({
        kind: 'log',
        device,
        body: () => this.#body(device, sources),
        onOpen: ({ oldest }) => {
          lines = new LogLines();
          if (typeof oldest === 'string') this.#tell(device, { oldest });
        },
        onData: (bytes, consumed) => {
          this.#queue.push({ device, lines, bytes, consumed });
          this.#soon();
        },
        onPhase: (phase) => this.#tell(device, { phase }),
        onProgress: (progress) => this.#tell(device, { progress }),
      });
      this.#viewers.push(viewer);
      viewer.setLink(link);
    }
  }

  setLink(link: LiveLink | undefined): void {
    for (const viewer of this.#viewers) viewer.setLink(link);
  }

  retry(): void {
    for (const viewer of this.#viewers) viewer.retry();
  }

  close(): void {
    for (const viewer of this.#viewers) viewer.close();
    this.#viewers = [];
    this.#queue = [];
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  #body(device: string, sources: readonly LogSource[] | undefined): Record<string, unknown> {
    const { tail, since, until, around, follow, search } = this.#query;
    const newest = this.#book.newestOf(device);
    const asked = { ...(sources ? { sources } : {}), follow, ...(search ? { search } : {}) };
    if (newest !== undefined && follow)
      return { ...asked, tail: AGAIN_LINES, since: new Date(Math.max(0, newest - OVERLAP_MS)).toISOString() };
    return {
      ...asked,
      tail,
      ...(since ? { since } : {}),
      ...(until ? { until } : {}),
      ...(around === undefined ? {} : { around }),
    };
  }

  #tell(device: string, change: Partial<DeviceFeed>): void {
    this.#devices.set(device, { ...(this.#devices.get(device) ?? { device, phase: { kind: 'asking' } }), ...change });
    this.#soon();
  }

  #soon(): void {
    this.#frame ??= requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    this.#frame = undefined;
    const endMs = performance.now() + FRAME_BUDGET_MS;
    const consumed: (() => void)[] = [];
    let at = 0;
    for (; at < this.#queue.length && performance.now() < endMs; at++) {
      const chunk = this.#queue[at]!;
      this.#book.add(chunk.device, chunk.lines.read(chunk.bytes));
      consumed.push(chunk.consumed);
    }
    this.#queue.splice(0, at);
    for (const say of consumed) say();
    const nowMs = performance.now();
    if (nowMs - this.#drawnAtMs < DRAW_EVERY_MS) {
      this.#soon();
      return;
    }
    this.#drawnAtMs = nowMs;
    this.#book.commit();
    const { lines, dropped, taken } = this.#book;
    this.state = { lines, dropped, taken, devices: [...this.#devices.values()] };
    if (this.#queue.length > 0) this.#soon();
    this.#onChange();
  }
}
