/** The keys of a replay. Pure. */
export type ReplayAction =
  | { kind: 'toggle' }
  /** By seconds, or by a share of the whole. */
  | { kind: 'by'; seconds?: number; share?: number }
  | { kind: 'to'; share: number }
  | { kind: 'frame'; step: 1 | -1 }
  | { kind: 'speed'; step: 1 | -1 }
  | { kind: 'idle' }
  | { kind: 'chapter'; step: 1 | -1 }
  | { kind: 'copy' }
  | { kind: 'search' };

export const SPEEDS = [0.25, 0.5, 1, 1.5, 2, 4, 8, 16] as const;

export function replayKey(key: string, shift: boolean): ReplayAction | undefined {
  if (/^\d$/.test(key)) return { kind: 'to', share: Number(key) / 10 };
  switch (key) {
    case ' ':
    case 'k':
      return { kind: 'toggle' };
    case 'ArrowLeft':
      return shift ? { kind: 'by', share: -0.1 } : { kind: 'by', seconds: -5 };
    case 'ArrowRight':
      return shift ? { kind: 'by', share: 0.1 } : { kind: 'by', seconds: 5 };
    case ',':
      return { kind: 'frame', step: -1 };
    case '.':
      return { kind: 'frame', step: 1 };
    case '<':
      return { kind: 'speed', step: -1 };
    case '>':
      return { kind: 'speed', step: 1 };
    case 'i':
      return { kind: 'idle' };
    case '[':
      return { kind: 'chapter', step: -1 };
    case ']':
      return { kind: 'chapter', step: 1 };
    case 'c':
      return { kind: 'copy' };
    case '/':
      return { kind: 'search' };
    default:
      return undefined;
  }
}

export function nextSpeed(speed: number, step: 1 | -1): number {
  const at = SPEEDS.findIndex((one) => one >= speed);
  return SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, at + step))]!;
}
