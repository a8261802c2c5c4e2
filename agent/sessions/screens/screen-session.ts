/**
 * One viewer of one desktop: a connection to its VNC server on one side, frames with credit on the other. A slow viewer pauses its
 * own connection and nothing else; at most one read of it waits here for room.
 */
import type { Socket } from 'node:net';
import { FRAME_KIND, FRAME_PAYLOAD_BYTES } from '#contracts/stream/frame.ts';
import type { ScreenState } from '#contracts/stream/screen.ts';
import type { StreamClosed, StreamControl } from '#contracts/stream/session.ts';
import { StreamSender } from '../stream-sender.ts';
import { ClientMessages, RfbViolation } from './client-messages.ts';
import type { ScreenTarget } from './screen-door.ts';

export interface ScreenSessionOptions {
  uid: string;
  sid: string;
  target: ScreenTarget;
  socket: Socket;
  publish(message: Uint8Array): boolean;
  onClose(): void;
}

/** A desktop that reads nothing any more, while its viewer goes on sending. */
const MOST_UNREAD_BYTES = 1024 * 1024;
const NOTHING = new Uint8Array();

export class ScreenSession {
  readonly uid: string;
  readonly sid: string;
  readonly target: ScreenTarget;
  readonly #socket: Socket;
  readonly #sender: StreamSender;
  readonly #messages = new ClientMessages();
  /** Read from the desktop, and no room for it yet. */
  #waiting: Uint8Array = NOTHING;
  #ended = false;

  constructor({ uid, sid, target, socket, publish, onClose }: ScreenSessionOptions) {
    this.uid = uid;
    this.sid = sid;
    this.target = target;
    this.#socket = socket;
    this.#sender = new StreamSender({
      publish,
      onRoom: () => this.#send(),
      onClose: () => {
        socket.destroy();
        this.#waiting = NOTHING;
        onClose();
      },
    });
    socket.on('data', (bytes: Buffer) => {
      this.#waiting = bytes;
      this.#send();
    });
    socket.once('close', () => {
      this.#ended = true;
      this.#send();
    });
  }

  /** Of somebody without control: requests for pictures pass, the rest is dropped. */
  hearWatcher(bytes: Uint8Array): void {
    this.#forward(bytes, false);
  }

  /** Keys and pointer, on `.in`: the caller has seen that this session has control. */
  hearDriver(bytes: Uint8Array): void {
    this.#forward(bytes, true);
  }

  hear(control: StreamControl): void {
    this.#sender.hear(control);
    const again = control.type === 'resume' ? this.#messages.repeatRequest() : undefined;
    if (again && !this.#sender.closed) this.#write(again);
  }

  tell(state: ScreenState): void {
    this.#sender.tell(FRAME_KIND.state, state);
  }

  loseControl(): void {
    if (!this.#sender.closed) this.#write(this.#messages.releaseAll());
  }

  close(closed: StreamClosed): void {
    this.#sender.close(closed);
  }

  #forward(bytes: Uint8Array, mayDrive: boolean): void {
    if (this.#sender.closed) return;
    try {
      this.#write(this.#messages.push(bytes, mayDrive));
    } catch (error) {
      if (!(error instanceof RfbViolation)) throw error;
      this.close({ reason: 'failed', message: error.message });
    }
  }

  #write(bytes: Uint8Array): void {
    if (bytes.length === 0 || this.#socket.destroyed) return;
    this.#socket.write(bytes);
    if (this.#socket.writableLength > MOST_UNREAD_BYTES)
      this.close({ reason: 'failed', message: `The desktop of ${this.target.service} no longer reads what it is sent.` });
  }

  #send(): void {
    while (this.#waiting.length > 0 && this.#sender.room > 0) {
      const length = Math.min(this.#waiting.length, this.#sender.room, FRAME_PAYLOAD_BYTES);
      this.#sender.send(this.#waiting.subarray(0, length));
      this.#waiting = this.#waiting.subarray(length);
    }
    if (this.#waiting.length > 0) this.#socket.pause();
    else if (this.#ended)
      this.close({
        reason: 'gone',
        message: `The desktop of ${this.target.service} closed the connection. Did the service end?`,
      });
    else if (this.#socket.isPaused()) this.#socket.resume();
  }
}
