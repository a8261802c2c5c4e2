/**
 * Who drives a desktop: one session at a time for each service. Taking is at once where nobody drives, else it is asked for and
 * passes after a while unless the driver keeps it.
 */
import { StreamRefusal } from '#contracts/stream/session.ts';
import { CONTROL_PASSES_AFTER_MS } from '#contracts/stream/terminal.ts';
import { personOf } from '#contracts/uid.ts';

export interface Seat {
  uid: string;
  sid: string;
}

export type ControlAction = 'take' | 'keep' | 'give' | 'release';

interface Asking extends Seat {
  passesAtMs: number;
  timer: ReturnType<typeof setTimeout>;
}

export class ScreenControl {
  #onChange: () => void;
  #passesAfterMs: number;
  #writer: Seat | undefined;
  #asking: Asking | undefined;

  constructor(onChange: () => void, passesAfterMs: number = CONTROL_PASSES_AFTER_MS) {
    this.#onChange = onChange;
    this.#passesAfterMs = passesAfterMs;
  }

  get writer(): Seat | undefined {
    return this.#writer;
  }

  isWriter(seat: Seat): boolean {
    return isSame(this.#writer, seat);
  }

  /** As `ScreenState` says it. */
  state() {
    const { uid, passesAtMs } = this.#asking ?? {};
    return {
      ...(this.#writer ? { writer: { uid: this.#writer.uid, name: personOf(this.#writer.uid) } } : {}),
      ...(uid && passesAtMs ? { asking: { uid, name: personOf(uid), untilMs: Math.max(0, passesAtMs - Date.now()) } } : {}),
    };
  }

  act(seat: Seat, action: ControlAction): void {
    if (action === 'take') this.#take(seat);
    else if (action === 'release') this.leave(seat);
    else if (!this.isWriter(seat))
      throw new StreamRefusal('not-allowed', 'You do not have control of this screen. Ask for control first.');
    else if (action === 'keep') this.#stopAsking();
    else this.#pass();
    this.#onChange();
  }

  /** Its session is gone, or it wants no more. */
  leave(seat: Seat): void {
    if (isSame(this.#asking, seat)) this.#stopAsking();
    if (this.isWriter(seat)) this.#pass();
  }

  close(): void {
    this.#stopAsking();
    this.#writer = undefined;
  }

  #take(seat: Seat): void {
    if (this.isWriter(seat) || isSame(this.#asking, seat)) return;
    // Nobody asks themselves: their other page gets it at once.
    if (!this.#writer || personOf(this.#writer.uid) === personOf(seat.uid)) {
      this.#writer = { uid: seat.uid, sid: seat.sid };
      return;
    }
    if (this.#asking)
      throw new StreamRefusal('taken', `${personOf(this.#asking.uid)} has asked for control just now. Try again in a moment.`);
    const pass = () => {
      this.#pass();
      this.#onChange();
    };
    const timer = setTimeout(pass, this.#passesAfterMs);
    this.#asking = { uid: seat.uid, sid: seat.sid, passesAtMs: Date.now() + this.#passesAfterMs, timer };
  }

  /** To whoever asks; to nobody where nobody does. */
  #pass(): void {
    const next = this.#asking;
    this.#stopAsking();
    this.#writer = next && { uid: next.uid, sid: next.sid };
  }

  #stopAsking(): void {
    clearTimeout(this.#asking?.timer);
    this.#asking = undefined;
  }
}

const isSame = (one: Seat | undefined, other: Seat): boolean => one?.uid === other.uid && one.sid === other.sid;
