/** Which recordings are given up: those past their time, then as many of the oldest as the limit asks for. Pure. */
import { RECORDING_DAYS } from '#contracts/recording.ts';

export interface Kept {
  id: string;
  device: string;
  /** By the hub's clock: a device may believe it is 1970. */
  storedAt: Date;
  bytes: number;
}

const DAY_MS = 86_400_000;

/** What each costs at least, however short: a device could else leave millions of them. */
export const LEAST_BYTES = 64 * 1024;

/**
 * No device holds more than half of the room, whatever it sends: it could otherwise push out what was recorded on the others.
 */
export function toGiveUp(all: readonly Kept[], { maxBytes, now }: { maxBytes: number; now: Date }): Kept[] {
  const oldest = now.getTime() - RECORDING_DAYS * DAY_MS;
  const gone = new Set(all.filter(({ storedAt }) => storedAt.getTime() <= oldest));
  const byAge = [...all].sort((a, b) => a.storedAt.getTime() - b.storedAt.getTime());
  const shrink = (some: readonly Kept[], limit: number) => {
    let bytes = some.reduce((sum, one) => sum + (gone.has(one) ? 0 : costOf(one)), 0);
    for (const one of some) {
      if (bytes <= limit) return;
      if (gone.has(one)) continue;
      gone.add(one);
      bytes -= costOf(one);
    }
  };
  for (const device of new Set(all.map((one) => one.device)))
    shrink(
      byAge.filter((one) => one.device === device),
      maxBytes / 2,
    );
  shrink(byAge, maxBytes);
  return byAge.filter((one) => gone.has(one));
}

const costOf = ({ bytes }: Kept): number => Math.max(bytes, LEAST_BYTES);
