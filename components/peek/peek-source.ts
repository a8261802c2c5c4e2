/** One picture of one device, as the page last saw it: read from messages, kept while nobody looks, told to those who show it. */

import { faceToken } from '#contracts/face-token.ts';
import { decodeScreenPeek, type Face, LogPeek, type ScreenPeek, TerminalPeek } from '#contracts/peek.ts';
import { isSameFreshness, type PictureFreshness, pictureFreshness } from './picture-freshness.ts';
import { applyPeek, type TerminalPicture } from './terminal-picture.ts';

type Picture =
  | { kind: 'terminal'; terminal: TerminalPicture }
  | { kind: 'log'; lines: LogPeek['lines'] }
  | { kind: 'screen'; screen: ScreenPeek };

/** What React shows of a source; another object whenever a word of it changes. */
export interface PictureState {
  freshness: PictureFreshness;
  /** There is, or was, something to see. */
  pictured: boolean;
  /** Why there is nothing to see, in words. */
  why: string | undefined;
  /** When the device was last heard, for the age of a picture that stays. */
  heardAtMs: number | undefined;
}

const NOTHING: PictureState = { freshness: { word: 'waiting' }, pictured: false, why: undefined, heardAtMs: undefined };

export class PeekSource {
  readonly device: string;
  readonly face: Face;
  readonly token: string;
  picture: Picture | undefined;
  state: PictureState = NOTHING;
  /** The next picture must be whole. */
  broken = true;
  readonly #viewers = new Set<(picture: Picture) => void>();
  readonly #listeners = new Set<() => void>();
  #heardAtMs: number | undefined;
  #changedAtMs: number | undefined;
  #why: string | undefined;

  constructor(device: string, face: Face) {
    this.device = device;
    this.face = face;
    this.token = faceToken(face);
  }

  /** Shows every new picture, and the last one at once. */
  view(show: (picture: Picture) => void): () => void {
    this.#viewers.add(show);
    if (this.picture) show(this.picture);
    return () => void this.#viewers.delete(show);
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
  snapshot = (): PictureState => this.state;

  /** Answers whether a whole picture has to be asked for. */
  take(bytes: Uint8Array, nowMs: number): boolean {
    const picture = this.#read(bytes);
    if (picture === 'missed') {
      this.broken = true;
      return true;
    }
    if (!picture) return false;
    this.#heardAtMs = nowMs;
    if (picture === this.picture) return false;
    this.picture = picture;
    this.#changedAtMs = nowMs;
    this.#why = undefined;
    for (const show of this.#viewers) show(picture);
    this.tick(nowMs);
    return false;
  }

  /** The device answered for its lease. */
  heard(answer: { available: boolean; why: string | undefined }, nowMs: number): void {
    this.#heardAtMs = nowMs;
    this.#why = answer.available ? undefined : (answer.why ?? 'There is nothing to see here now.');
    this.tick(nowMs);
  }

  refused(why: string, nowMs: number): void {
    if (!this.picture) this.#why = why;
    this.tick(nowMs);
  }

  tick(nowMs: number): void {
    const freshness = pictureFreshness({ heardAtMs: this.#heardAtMs, changedAtMs: this.#changedAtMs }, nowMs);
    const { state } = this;
    const pictured = this.picture !== undefined;
    if (isSameFreshness(freshness, state.freshness) && pictured === state.pictured && this.#why === state.why) return;
    this.state = { freshness, pictured, why: this.#why, heardAtMs: this.#heardAtMs };
    for (const listener of this.#listeners) listener();
  }

  get isWatched(): boolean {
    return this.#viewers.size > 0 || this.#listeners.size > 0;
  }

  #read(bytes: Uint8Array): Picture | 'missed' | undefined {
    // Desktops and logs come whole every time.
    if (this.face.kind !== 'terminal') this.broken = false;
    if (this.face.kind === 'screen') {
      const screen = decodeScreenPeek(bytes);
      return screen && { kind: 'screen', screen };
    }
    const json = parseJson(bytes);
    if (this.face.kind === 'log') {
      const log = LogPeek.safeParse(json).data;
      if (!log) return undefined;
      const same = this.picture?.kind === 'log' && JSON.stringify(this.picture.lines) === JSON.stringify(log.lines);
      return same ? this.picture : { kind: 'log', lines: log.lines };
    }
    const peek = TerminalPeek.safeParse(json).data;
    if (!peek) return undefined;
    const before = this.picture?.kind === 'terminal' ? this.picture.terminal : undefined;
    const terminal = applyPeek(before, peek);
    if (terminal === 'missed') return 'missed';
    if (peek.full) this.broken = false;
    if (terminal === before) return this.picture;
    return { kind: 'terminal', terminal };
  }
}

const decoder = new TextDecoder();

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}
