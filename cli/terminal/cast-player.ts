/** Plays an asciicast v3 (or v2) as its time says, shortened where nothing happens. Pure but for the clock it is given. */

export interface CastEvent {
  /** Seconds to wait before it. */
  afterS: number;
  kind: string;
  data: string;
}

export interface PlayOptions {
  speed: number;
  /** Longest time without output, seconds. */
  idleS: number;
}

/** Lines in, events out; the header and what cannot be read give none. */
export class CastReader {
  #version: number | undefined;
  #lastS = 0;

  read(line: string): CastEvent | undefined {
    const value = parse(line);
    if (this.#version === undefined) {
      this.#version = versionOf(value);
      return undefined;
    }
    if (!Array.isArray(value)) return undefined;
    const [time, kind, data] = value as unknown[];
    if (typeof time !== 'number' || typeof kind !== 'string' || typeof data !== 'string') return undefined;
    // Version 3 says how long after the event before, version 2 how long after the beginning.
    const afterS = Math.max(0, this.#version >= 3 ? time : time - this.#lastS);
    this.#lastS = time;
    return { afterS, kind, data };
  }
}

export const waitMs = ({ afterS }: CastEvent, { speed, idleS }: PlayOptions): number => (Math.min(afterS, idleS) / speed) * 1_000;

function versionOf(value: unknown): number {
  return typeof value === 'object' && value !== null && 'version' in value && value.version === 2 ? 2 : 3;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
