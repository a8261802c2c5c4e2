/** The screens of this device, put together: who watches and drives them, small pictures of them, and their recordings. */

import type { DeviceEvent } from '#contracts/event.ts';
import type { Logger } from '../../log.ts';
import { RecordingSpool } from '../../recordings/spool.ts';
import type { SessionLimits } from '../session-limits.ts';
import { DriverNews } from './driver-news.ts';
import { ScreenDoor, type ScreenDoorOptions } from './screen-door.ts';
import { ScreenPictures } from './screen-pictures.ts';
import { ScreenSessions } from './screen-sessions.ts';
import { TIME_LAPSE_BYTES, TimeLapses } from './time-lapse.ts';

export interface DeviceScreensOptions extends ScreenDoorOptions {
  stateDir: string;
  limits: SessionLimits;
  /** Somebody begins or ends to drive a desktop. */
  onEvent(event: Omit<DeviceEvent, 'device' | 'at'>): void;
  log: Logger;
}

export class DeviceScreens {
  readonly door: ScreenDoor;
  readonly pictures: ScreenPictures;
  /** A user of the link to NATS; its `open` is the verb `screen`, its `control` the operation `screen-control` of `exec`. */
  readonly sessions: ScreenSessions;
  readonly #lapses: TimeLapses;

  constructor(options: DeviceScreensOptions) {
    const { device, stateDir, limits, log } = options;
    const spool = new RecordingSpool(stateDir, device, { recordingBytes: TIME_LAPSE_BYTES });
    const news = new DriverNews(device, options.onEvent);
    this.door = new ScreenDoor(options);
    this.pictures = new ScreenPictures(this.door, log);
    this.#lapses = new TimeLapses({ pictures: this.pictures, spool, onChange: (target) => this.sessions.tell(target), log });
    this.sessions = new ScreenSessions({
      device,
      door: this.door,
      limits,
      onDriver: (target, uid) => {
        news.drive(target, uid);
        this.#lapses.drive(target, uid);
      },
      isRecording: this.#lapses.isRecording,
      log,
    });
    void this.#lapses
      .recover()
      .catch((error: Error) => log.warn({ error: error.message }, 'An old recording could not be ended.'));
  }

  /** What is recorded is on disk once it resolves. */
  async close(): Promise<void> {
    this.sessions.close();
    await this.#lapses.close();
  }
}
