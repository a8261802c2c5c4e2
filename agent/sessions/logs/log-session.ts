/** One viewer's log: history at its pace, then what comes, without a line missing or double where the two meet. */
import { FRAME_KIND, FRAME_PAYLOAD_BYTES } from '#contracts/stream/frame.ts';
import type { LogRequest } from '#contracts/stream/log.ts';
import type { StreamClosed, StreamControl, StreamProgress } from '#contracts/stream/session.ts';
import { StreamSender } from '../stream-sender.ts';
import { History, type Progress } from './history.ts';
import { LineMatch, SearchTooSlow } from './line-match.ts';
import { LiveLines, type MissedLines } from './live-lines.ts';
import { encodeLine, type LogKey, type LogLine, logKey } from './log-line.ts';
import type { LogStore } from './log-store.ts';

const PROGRESS_MS = 250;
/** Lines to be searched while they come; more at once are too many to look at. */
const MOST_UNSEARCHED = 10_000;
/** A viewer that fell behind by no more than this gets what it missed from the store. */
const CATCH_UP_BYTES = 8 * 1024 * 1024;

export interface LogSessionOptions {
  request: LogRequest;
  store: LogStore;
  publish(message: Uint8Array): boolean;
  onClose(closed: StreamClosed): void;
  silenceMs?: number | undefined;
}

export class LogSession {
  readonly #request: LogRequest;
  readonly #store: LogStore;
  readonly #sender: StreamSender;
  readonly #match: LineMatch | undefined;
  readonly #keys: ReadonlySet<LogKey> | undefined;
  readonly #live = new LiveLines();
  readonly #ending = new AbortController();
  #unsearched: LogLine[] = [];
  #searching = false;
  #isLive = false;
  #pumping = false;
  #waiting: (() => void)[] = [];
  #stopListening: () => void = () => undefined;
  #toldProgressMs = 0;

  /** @throws StreamRefusal where the search cannot be understood. */
  constructor({ request, store, publish, onClose, silenceMs }: LogSessionOptions) {
    this.#request = request;
    this.#store = store;
    this.#match = request.search && new LineMatch(request.search);
    this.#keys = request.sources && keysOf(request.sources);
    this.#sender = new StreamSender({
      publish,
      onRoom: () => this.#onRoom(),
      onClose: (closed) => {
        this.#ending.abort();
        this.#stopListening();
        this.#onRoom();
        onClose(closed);
      },
      ...(silenceMs === undefined ? {} : { silenceMs }),
    });
  }

  get oldestMs(): number | undefined {
    const times = this.#sources().flatMap((key) => this.#store.of(key)?.oldestMs ?? []);
    return times.length > 0 ? Math.min(...times) : undefined;
  }

  hear(control: StreamControl): void {
    this.#sender.hear(control);
  }

  close(closed: StreamClosed): void {
    this.#sender.close(closed);
  }

  async run(): Promise<void> {
    try {
      await this.#run();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  #fail(error: Error): void {
    const isOurs = error instanceof SearchTooSlow;
    const message = isOurs ? error.message : `The log could not be read: ${error.message}. Open it again.`;
    this.#sender.close({ reason: 'failed', message });
  }

  async #run(): Promise<void> {
    const { around, until, follow, tail } = this.#request;
    const follows = follow && until === undefined;
    // From here on what comes is kept for later, and what is there is history: each line is on one side.
    const beforeN = this.#store.lastN + 1;
    if (follows) this.#stopListening = this.#store.listen((line) => this.#onLine(line));
    const history = this.#history(around ?? beforeN, around === undefined ? tail : Math.floor(tail / 2));
    for await (const lines of history.read()) await this.#write(lines);
    let reachesNow = true;
    if (around !== undefined) {
      const most = Math.ceil(tail / 2);
      let sent = 0;
      for await (const lines of history.readFrom(around, most, beforeN)) {
        sent += lines.length;
        await this.#write(lines);
      }
      reachesNow = sent < most;
    }
    if (this.#match?.exhausted)
      await this.#write([
        encodeLine(0, Date.now(), '', { o: 'event', x: 'The search took too long: older lines were not searched.' }),
      ]);
    if (follows && reachesNow) return this.#goLive(history.progress);
    this.#stopListening();
    this.#tell({ phase: 'done', ...counts(history.progress, this.#match) });
    await this.#whenDrawn();
    const message = reachesNow ? 'That was all.' : 'There are newer lines. Open the log without a line to see them.';
    this.#sender.close({ reason: 'ended', message });
  }

  #history(beforeN: number, limit: number): History {
    const { since, until } = this.#request;
    const query = {
      keys: this.#sources(),
      limit,
      beforeN,
      sinceMs: since === undefined ? undefined : Date.parse(since),
      untilMs: until === undefined ? undefined : Date.parse(until),
      match: this.#match,
    };
    const history = new History(this.#store, query, this.#ending.signal);
    if (this.#match) history.onProgress = (progress) => this.#tellSearch(progress);
    return history;
  }

  #goLive(progress: Progress): void {
    this.#isLive = true;
    this.#tell({ phase: 'history', ...counts(progress, this.#match) });
    this.#pumpSoon();
  }

  #onLine(line: LogLine): void {
    if (this.#keys && !this.#keys.has(line.key)) return;
    if (!this.#match) this.#live.push(line);
    else if (this.#unsearched.length < MOST_UNSEARCHED) this.#unsearched.push(line);
    this.#pumpSoon();
  }

  /** What one turn of the event loop brought goes out together. */
  #pumpSoon(): void {
    if (this.#pumping || !this.#isLive) return;
    this.#pumping = true;
    setImmediate(() => {
      this.#pumping = false;
      this.#searchUnsearched();
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#isLive && !this.#sender.closed && !this.#live.isEmpty) {
      const { missed } = this.#live;
      if (missed && missed.bytes <= CATCH_UP_BYTES) {
        void this.#catchUp(missed).catch((error: Error) => this.#fail(error));
        return;
      }
      const chunk = this.#live.take(Math.min(this.#sender.room, FRAME_PAYLOAD_BYTES));
      if (!chunk) return;
      this.#sender.send(chunk);
    }
  }

  /** More came at once than may wait in memory; it is in the store. */
  async #catchUp({ first, last }: MissedLines): Promise<void> {
    this.#isLive = false;
    this.#live.forgive();
    const history = this.#history(last.n + 1, 0);
    for await (const lines of history.readFrom(first.n, Number.POSITIVE_INFINITY, last.n + 1)) await this.#write(lines);
    this.#isLive = true;
    this.#pump();
  }

  #searchUnsearched(): void {
    if (!this.#match || this.#searching || this.#unsearched.length === 0) return;
    const lines = this.#unsearched;
    this.#unsearched = [];
    this.#searching = true;
    void this.#match
      .filter(lines)
      .then((found) => {
        for (const line of found) this.#live.push(line);
        if (this.#match?.exhausted)
          this.#sender.close({ reason: 'failed', message: 'The search took too long and was ended. Search for less.' });
      })
      .catch((error: Error) => this.#fail(error))
      .finally(() => {
        this.#searching = false;
        this.#pump();
        if (this.#unsearched.length > 0) this.#pumpSoon();
      });
  }

  /** Whole lines, in messages as large as may be, when there is room for them. */
  async #write(lines: readonly LogLine[]): Promise<void> {
    let parts: Buffer[] = [];
    let bytes = 0;
    for (const line of lines) {
      if (bytes + line.bytes.length > FRAME_PAYLOAD_BYTES) {
        await this.#send(parts, bytes);
        parts = [];
        bytes = 0;
      }
      parts.push(line.bytes);
      bytes += line.bytes.length;
    }
    await this.#send(parts, bytes);
  }

  async #send(parts: readonly Buffer[], bytes: number): Promise<void> {
    while (this.#sender.room < bytes && !this.#sender.closed) await this.#roomAgain();
    if (!this.#sender.closed && bytes > 0) this.#sender.send(Buffer.concat(parts, bytes));
  }

  async #whenDrawn(): Promise<void> {
    while (this.#sender.unseenBytes > 0 && !this.#sender.closed) await this.#roomAgain();
  }

  #roomAgain(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #onRoom(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
    this.#pump();
  }

  #sources(): LogKey[] {
    return this.#keys ? [...this.#keys] : this.#store.keys;
  }

  #tellSearch(progress: Progress): void {
    const now = performance.now();
    if (now - this.#toldProgressMs < PROGRESS_MS) return;
    this.#toldProgressMs = now;
    this.#tell({ phase: 'search', ...counts(progress, this.#match) });
  }

  #tell(progress: StreamProgress): void {
    this.#sender.tell(FRAME_KIND.progress, progress);
  }
}

const counts = ({ scanned, matched }: Progress, match: LineMatch | undefined) =>
  match ? { scannedLines: scanned, matchedLines: matched } : {};

/** What happens to a deployment as a whole stands between the lines of each of its services. */
function keysOf(sources: NonNullable<LogRequest['sources']>): Set<LogKey> {
  return new Set(sources.flatMap(({ deployment, service }) => [logKey({ deployment, service }), logKey({ deployment })]));
}
