/**
 * The page's one line to all pictures. It knows which tiles are in sight and how large they are, asks each device for what they show
 * and says so again every five seconds, and listens. A page nobody looks at asks for nothing: the devices stop by themselves.
 */
import type { Subscription } from '@nats-io/nats-core';
import { faceToken } from '#contracts/face-token.ts';
import { type Face, PEEK_RENEW_MS, PeekAnswer } from '#contracts/peek.ts';
import { subjects } from '#contracts/subjects.ts';
import { askDevice, type LiveLink } from '../live/live-link.ts';
import { KEY, type WallStore } from '../live/wall-store.ts';
import { type Look, requestsFor } from './look-plan.ts';
import { PeekSource } from './peek-source.ts';
import type { PixelSize } from './picture-geometry.ts';
import { textRatio } from './text-ratio.ts';

interface WatchOptions {
  source: PeekSource;
  /** Its size in device pixels, and how many of them are one pixel of text, again whenever it changes. */
  onSize(size: PixelSize, ratio: number): void;
}

interface Watch extends WatchOptions {
  inSight: boolean;
  size: PixelSize;
}

const SOON_MS = 40;
const RESYNC_EVERY_MS = 1_000;
const TICK_MS = 1_000;
const LINE_PX = 11;
/** Pictures of tiles that are on other pages now; the oldest go first. */
const KEPT_SOURCES = 200;

export class PeekClient {
  readonly #store: WallStore;
  readonly #sources = new Map<string, PeekSource>();
  readonly #watches = new Map<Element, Watch>();
  readonly #heard = new Map<PeekSource, Subscription>();
  readonly #sight: IntersectionObserver;
  readonly #sizes: ResizeObserver;
  #link: LiveLink | undefined;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #askedAtMs = 0;
  readonly #asked = new Set<string>();

  constructor(store: WallStore) {
    this.#store = store;
    this.#sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const watch = this.#watches.get(target);
        if (watch) watch.inSight = isIntersecting;
      }
      this.#askSoon();
    });
    this.#sizes = new ResizeObserver((entries) => {
      for (const { target, contentRect } of entries) this.#measure(target, contentRect);
      this.#askSoon();
    });
    store.subscribe(KEY.link, () => this.#askSoon());
    document.addEventListener('visibilitychange', () => this.#askSoon());
    setInterval(() => this.#tick(), TICK_MS);
  }

  source(device: string, face: Face): PeekSource {
    const key = `${device}.${faceToken(face)}`;
    const known = this.#sources.get(key);
    if (known) return known;
    const source = new PeekSource(device, face);
    this.#sources.set(key, source);
    for (const [old, one] of this.#sources) {
      if (this.#sources.size <= KEPT_SOURCES) break;
      if (one !== source && !one.isWatched) this.#sources.delete(old);
    }
    return source;
  }

  /** From now on this element shows the source: its place and size decide what is asked for. */
  watch(element: Element, options: WatchOptions): () => void {
    this.#watches.set(element, { ...options, inSight: false, size: { width: 0, height: 0 } });
    this.#sight.observe(element);
    this.#sizes.observe(element);
    return () => {
      this.#watches.delete(element);
      this.#sight.unobserve(element);
      this.#sizes.unobserve(element);
      this.#askSoon();
    };
  }

  #measure(target: Element, { width, height }: PixelSize): void {
    const watch = this.#watches.get(target);
    if (!watch) return;
    const ratio = window.devicePixelRatio || 1;
    watch.size = { width: Math.floor(width * ratio), height: Math.floor(height * ratio) };
    watch.onSize(watch.size, textRatio());
  }

  #tick(): void {
    const nowMs = Date.now();
    for (const watch of this.#watches.values()) watch.source.tick(nowMs);
    if (nowMs - this.#askedAtMs >= PEEK_RENEW_MS) this.#askSoon();
  }

  #askSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#ask();
    }, SOON_MS);
  }

  #ask(): void {
    const { link } = this.#store;
    this.#askedAtMs = Date.now();
    const shown = document.hidden || !link ? [] : [...this.#watches.values()].filter(isShown);
    this.#listen(link, new Set(shown.map(({ source }) => source)));
    if (!link) return;
    const line = LINE_PX * textRatio();
    const looks = shown.map(({ source, size }): Look => {
      const { device, face, broken } = source;
      const rows = Math.floor(size.height / line);
      return { device, face, ...size, rows, resync: broken };
    });
    const requests = requestsFor(looks);
    // Out of sight is said once, so that a device does not draw for the rest of the lease.
    for (const device of this.#asked) if (!requests.has(device)) void askDevice(link, device, 'peek', { looks: [] });
    this.#asked.clear();
    for (const [device, request] of requests) {
      // A device that is away is not asked: it will say so when it is back, and its last picture stays.
      if (this.#store.device(device)?.connected === false) continue;
      this.#asked.add(device);
      void this.#askOne(link, device, request, shown);
    }
  }

  async #askOne(link: LiveLink, device: string, request: unknown, shown: readonly Watch[]): Promise<void> {
    const said: unknown = await askDevice(link, device, 'peek', request);
    const answer = PeekAnswer.safeParse(said).data;
    const nowMs = Date.now();
    for (const { source } of shown) {
      if (source.device !== device) continue;
      if (!answer) source.refused('This device does not say what it shows. Its agent may be older.', nowMs);
      else if (!answer.ok) source.refused(answer.message, nowMs);
      else {
        const look = answer.looks.find(({ token }) => token === source.token);
        if (look) source.heard({ available: look.available, why: look.why }, nowMs);
      }
    }
  }

  /** Subscribed on the link that stands now, to what is in sight and nothing else. */
  #listen(link: LiveLink | undefined, wanted: ReadonlySet<PeekSource>): void {
    const moved = link?.epoch !== this.#link?.epoch;
    const before = moved ? new Map(this.#heard) : undefined;
    if (moved) this.#heard.clear();
    this.#link = link;
    for (const [source, subscription] of this.#heard) {
      if (wanted.has(source)) continue;
      this.#heard.delete(source);
      // What comes meanwhile is missed, so the next look begins with a whole picture.
      source.broken = true;
      end(subscription);
    }
    if (link) {
      for (const source of wanted) {
        if (this.#heard.has(source)) continue;
        if (!before?.has(source)) source.broken = true;
        this.#heard.set(source, this.#subscribe(link, source));
      }
    }
    for (const [source, subscription] of before ?? []) {
      if (!this.#heard.has(source)) source.broken = true;
      end(subscription);
    }
  }

  #subscribe({ connection }: LiveLink, source: PeekSource): Subscription {
    let resyncAtMs = 0;
    return connection.subscribe(subjects.peek(source.device, source.token), {
      callback: (error, message) => {
        if (error || !source.take(message.data, Date.now())) return;
        const nowMs = Date.now();
        if (nowMs - resyncAtMs < RESYNC_EVERY_MS) return;
        resyncAtMs = nowMs;
        this.#askSoon();
      },
    });
  }
}

const isShown = ({ inSight, size }: Watch): boolean => inSight && size.width > 0 && size.height > 0;

function end(subscription: Subscription): void {
  try {
    subscription.unsubscribe();
  } catch {
    // Its connection has ended before it.
  }
}
