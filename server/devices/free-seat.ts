/** Seats on the wall: the lowest free one is given out, and of two that got the same the earlier keeps it. */
import type { Device } from '#contracts/device.ts';
import type { Entry } from '../kv/bucket.ts';

export function lowestFreeSeat(taken: readonly number[]): number {
  const seats = new Set(taken);
  for (let seat = 0; ; seat++) if (!seats.has(seat)) return seat;
}

/** True when another device has the same seat and was written earlier. */
export const mustMove = (device: Entry<Device>, all: readonly Entry<Device>[]): boolean =>
  all.some((other) => other.key !== device.key && other.value.seat === device.value.seat && other.revision < device.revision);
