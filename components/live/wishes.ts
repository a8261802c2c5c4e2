'use client';
/** Something that was asked for before the part of the page that does it was there: it waits a moment, once. */
export type Wish = 'type' | 'read-output';

export const WISH_EVENT = 'scorewall:wish';
const WAITS_MS = 10_000;

let waiting: { wish: Wish; device: string; untilMs: number } | undefined;

export function makeWish(wish: Wish, device: string): void {
  waiting = { wish, device, untilMs: performance.now() + WAITS_MS };
  window.dispatchEvent(new Event(WISH_EVENT));
}

/** Somebody wants to type there and cannot yet. */
export const wantsToType = (device: string): boolean =>
  waiting?.wish === 'type' && waiting.device === device && performance.now() <= waiting.untilMs;

/** True once for each wish, for whoever can fulfil it. */
export function takeWish(wish: Wish, device: string): boolean {
  if (waiting?.wish !== wish || waiting.device !== device || performance.now() > waiting.untilMs) return false;
  waiting = undefined;
  return true;
}
