'use client';
/** The last state of the ledger that this browser has verified here: a hub that shows it another history later is found out. */
import * as z from 'zod';
import type { Pinned } from '#roadchain/verify-history.ts';

const KEY = 'scorewall.ledger';
const Kept = z.object({ fleet: z.string(), size: z.int().nonnegative(), root: z.string() });

export function readPinned(): Pinned | undefined {
  try {
    return Kept.safeParse(JSON.parse(localStorage.getItem(KEY) ?? 'null')).data;
  } catch {
    return undefined;
  }
}

/** Another page may have verified more meanwhile: what is kept never gets smaller. */
export function keepPinned(pin: Pinned): void {
  const before = readPinned();
  if (before?.fleet === pin.fleet && before.size >= pin.size) return;
  write(JSON.stringify(pin));
}

export const forgetPinned = (): void => write(undefined);

function write(text: string | undefined): void {
  try {
    if (text === undefined) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, text);
  } catch {
    // A browser that keeps nothing verifies each time from the beginning.
  }
}
