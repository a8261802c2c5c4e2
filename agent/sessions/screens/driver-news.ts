/** Tells the fleet who begins and ends to drive a desktop, one line each: the same person in another page is no news. */
import { displayName } from '#contracts/device.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import { personOf } from '#contracts/uid.ts';
import type { ScreenTarget } from './screen-door.ts';

type News = Omit<DeviceEvent, 'device' | 'at'>;

export class DriverNews {
  readonly #device: string;
  readonly #tell: (event: News) => void;
  /** `<deployment>/<service>` -> person. */
  readonly #drivers = new Map<string, string>();

  constructor(device: string, tell: (event: News) => void) {
    this.#device = device;
    this.#tell = tell;
  }

  drive({ deployment, service }: ScreenTarget, uid: string | undefined): void {
    const key = `${deployment}/${service}`;
    const before = this.#drivers.get(key);
    const now = uid === undefined ? undefined : personOf(uid);
    if (before === now) return;
    const screen = `the screen of ${service} on ${displayName(this.#device)}`;
    const where = { deployment, service };
    if (before !== undefined)
      this.#tell({ kind: 'screen-ended', message: `${before} no longer controls ${screen}.`, ...where, by: before });
    if (now === undefined) {
      this.#drivers.delete(key);
      return;
    }
    this.#drivers.set(key, now);
    this.#tell({ kind: 'screen-control', message: `${now} controls ${screen}.`, ...where, by: now });
  }
}
