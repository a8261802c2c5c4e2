/** Gives every device a place on the page: its own seat while that is free and in sight, else the first free one. Pure. */
import type { Device } from '#contracts/device.ts';
import { type Grid, MIDDLE, PAGE_SIZE, pagesFor } from './grid.ts';

export type Seat = { kind: 'device'; device: Device } | { kind: 'empty'; place: number } | { kind: 'plate' };

/** `bySeat`: everybody sits where the device was seated first; else one after the other, in the order given. */
export function seatDevices(devices: readonly Device[], { columns, rows, plate }: Grid, bySeat = true): Seat[] {
  const places = columns * rows - (plate ? 1 : 0);
  const seated = new Array<Device | undefined>(places).fill(undefined);
  const later: Device[] = [];
  for (const device of devices) {
    if (bySeat && device.seat < places && !seated[device.seat]) seated[device.seat] = device;
    else later.push(device);
  }
  for (const device of later) {
    const free = seated.indexOf(undefined);
    if (free >= 0) seated[free] = device;
  }
  const seats = Array.from(seated, (device, place): Seat => (device ? { kind: 'device', device } : { kind: 'empty', place }));
  return plate ? [...seats.slice(0, MIDDLE), { kind: 'plate' }, ...seats.slice(MIDDLE)] : seats;
}

export function pageOf<T>(all: readonly T[], page: number): readonly T[] {
  return pagesFor(all.length) === 1 ? all : all.slice(page * PAGE_SIZE, (page + 1) * PAGE_SIZE);
}
