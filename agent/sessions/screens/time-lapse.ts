/**
 * Records desktops while somebody drives them: a picture a second, those that changed, as lines of JSON in the device's spool.
 * A hand-over within a few seconds stays one recording.
 */
import type * as z from 'zod';
import type { ScreenLapseEntry as LapseEntrySchema } from '#contracts/recording.ts';
import { personOf } from '#contracts/uid.ts';
import type { Logger } from '../../log.ts';
import type { OpenRecording } from '../../recordings/open-recording.ts';
import type { RecordingSpool } from '../../recordings/spool.ts';
import type { ScreenTarget } from './screen-door.ts';
import type { ScreenFollower, ScreenPictures } from './screen-pictures.ts';

/** For the spool: a recording stops here. */
export const TIME_LAPSE_BYTES = 20 * 1024 * 1024;

export interface TimeLapseLimits {
  durationMs: number;
  /** Nobody has control for so long: the recording ends. */
  lingerMs: number;
  everyMs: number;
}

type LapseEntry = z.infer<typeof LapseEntrySchema>;

const LIMITS: TimeLapseLimits = { durationMs: 8 * 3_600_000, lingerMs: 5_000, everyMs: 1_000 };

export interface TimeLapsesOptions {
  pictures: ScreenPictures;
  spool: RecordingSpool;
  /** Whether this screen is recorded changed. */
  onChange(target: ScreenTarget): void;
  log: Logger;
  limits?: Partial<TimeLapseLimits>;
}

export class TimeLapses {
  readonly #options: TimeLapsesOptions;
  readonly #limits: TimeLapseLimits;
  readonly #lapses = new Map<string, Lapse>();

  constructor(options: TimeLapsesOptions) {
    this.#options = options;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  /** Recordings that the last agent left open are ended where they stop. */
  async recover(): Promise<void> {
    await this.#options.spool.closeAbandoned('screen');
  }

  /** Who drives a screen now; undefined: nobody. */
  drive(target: ScreenTarget, uid: string | undefined): void {
    const key = keyOf(target);
    let lapse = this.#lapses.get(key);
    if (!lapse) {
      if (uid === undefined) return;
      lapse = new Lapse(target, this.#options, this.#limits, () => {
        this.#lapses.delete(key);
        this.#options.onChange(target);
      });
      this.#lapses.set(key, lapse);
    }
    lapse.drive(uid && personOf(uid));
  }

  isRecording = (target: ScreenTarget): boolean => this.#lapses.get(keyOf(target))?.isWriting ?? false;

  /** On disk once it resolves. */
  async close(): Promise<void> {
    await Promise.all([...this.#lapses.values()].map((lapse) => lapse.end()));
  }
}

class Lapse {
  readonly #limits: TimeLapseLimits;
  readonly #options: TimeLapsesOptions;
  readonly #target: ScreenTarget;
  readonly #onEnd: () => void;
  readonly #follower: ScreenFollower;
  readonly #ready: Promise<OpenRecording | undefined>;
  #recording: OpenRecording | undefined;
  #isOver = false;
  #driver: string | undefined;
  #linger: ReturnType<typeof setTimeout> | undefined;
  #timer: ReturnType<typeof setInterval>;
  #ended: Promise<void> | undefined;

  constructor(target: ScreenTarget, options: TimeLapsesOptions, limits: TimeLapseLimits, onEnd: () => void) {
    this.#target = target;
    this.#options = options;
    this.#limits = limits;
    this.#onEnd = onEnd;
    this.#follower = options.pictures.follow(target, { fps: 1_000 / limits.everyMs });
    this.#ready = this.#begin();
    this.#timer = setInterval(() => this.#take(), limits.everyMs);
  }

  get isWriting(): boolean {
    return this.#recording !== undefined && !this.#isOver;
  }

  drive(name: string | undefined): void {
    this.#driver = name;
    this.#recording?.control(name);
    clearTimeout(this.#linger);
    if (name === undefined) this.#linger = setTimeout(() => void this.end(), this.#limits.lingerMs);
  }

  end(): Promise<void> {
    // A last picture that no longer fits would end it again.
    this.#ended ??= Promise.resolve().then(() => this.#finish());
    return this.#ended;
  }

  async #begin(): Promise<OpenRecording | undefined> {
    const { spool, log, onChange } = this.#options;
    const { deployment, service } = this.#target;
    try {
      this.#recording = await spool.begin('screen', { kind: 'screen', deployment, service });
      this.#recording.control(this.#driver);
      onChange(this.#target);
    } catch (error) {
      log.warn(
        { error: (error as Error).message },
        'A screen cannot be recorded: the disk refuses. It can be driven all the same.',
      );
    }
    return this.#recording;
  }

  #take(): void {
    if (!this.#recording || this.#isOver) return;
    const elapsedMs = Date.now() - Date.parse(this.#recording.startedAt);
    if (elapsedMs > this.#limits.durationMs) {
      this.#recording.cut();
      void this.end();
      return;
    }
    const picture = this.#follower.take();
    if (!picture) return;
    const entry: LapseEntry = { t: Math.round(elapsedMs / 10) / 100, jpeg: Buffer.from(picture.jpeg).toString('base64') };
    if (!this.#recording.write(JSON.stringify(entry))) void this.end();
  }

  async #finish(): Promise<void> {
    clearInterval(this.#timer);
    clearTimeout(this.#linger);
    this.#take();
    this.#isOver = true;
    this.#follower.close();
    const recording = await this.#ready;
    await recording?.end();
    this.#onEnd();
  }
}

const keyOf = ({ deployment, service }: ScreenTarget): string => `${deployment}/${service}`;
