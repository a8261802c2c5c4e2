/** How fresh a picture is, by when the device was last heard and when the picture last changed. Pure. */
export type PictureFreshness = { word: 'live' } | { word: 'quiet' } | { word: 'late'; ageMs: number } | { word: 'waiting' };

const CHANGED_WITHIN_MS = 5_000;
/** A quiet device is heard when it answers for its lease, every 5 s: the way there and back is not lateness. */
const HEARD_WITHIN_MS = 8_000;
const SECOND_MS = 1_000;

export function pictureFreshness(
  { heardAtMs, changedAtMs }: { heardAtMs: number | undefined; changedAtMs: number | undefined },
  nowMs: number,
): PictureFreshness {
  if (heardAtMs === undefined || changedAtMs === undefined) return { word: 'waiting' };
  const unheardMs = nowMs - heardAtMs;
  if (unheardMs > HEARD_WITHIN_MS) return { word: 'late', ageMs: Math.floor(unheardMs / SECOND_MS) * SECOND_MS };
  return nowMs - changedAtMs <= CHANGED_WITHIN_MS ? { word: 'live' } : { word: 'quiet' };
}

export const isSameFreshness = (a: PictureFreshness, b: PictureFreshness): boolean =>
  a.word === b.word && (a.word !== 'late' || b.word !== 'late' || a.ageMs === b.ageMs);
