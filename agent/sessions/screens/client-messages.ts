/**
 * What a viewer says to a desktop, message by message. Invariant: what is passed on is always a sequence of whole messages that
 * the desktop reads at the same borders, so that nobody can hide a key press in the tail of something harmless.
 */
import { PressedKeys } from './pressed-keys.ts';

/** Something no viewer of ours says, or more than a desktop needs. The session ends with these words. */
export class RfbViolation extends Error {
  override readonly name = 'RfbViolation';
}

const LONGEST_MESSAGE_BYTES = 256 * 1024;
const MOST_ENCODINGS = 256;
/** Pseudo-encoding after which pointer events may be a byte longer: with it we could not know their length. */
const EXTENDED_MOUSE_BUTTONS = -316;
const VERSIONS: readonly string[] = ['RFB 003.007\n', 'RFB 003.008\n'];
const SECURITY_NONE = 1;
const SECURITY_VNC = 2;

const CLIENT_MESSAGE = {
  setPixelFormat: 0,
  setEncodings: 2,
  framebufferUpdateRequest: 3,
  keyEvent: 4,
  pointerEvent: 5,
  cutText: 6,
  enableContinuousUpdates: 150,
  fence: 248,
  xvp: 250,
  setDesktopSize: 251,
  qemu: 255,
} as const;

/** What a watcher needs to get pictures; everything else needs control. */
const HARMLESS: ReadonlySet<number> = new Set([
  CLIENT_MESSAGE.setPixelFormat,
  CLIENT_MESSAGE.setEncodings,
  CLIENT_MESSAGE.framebufferUpdateRequest,
  CLIENT_MESSAGE.enableContinuousUpdates,
  CLIENT_MESSAGE.fence,
]);

type Step = 'version' | 'security' | 'password' | 'init' | 'messages';

export class ClientMessages {
  readonly #pressed = new PressedKeys();
  #step: Step = 'version';
  #rest: Uint8Array = new Uint8Array();
  /** Whether the unfinished message came from somebody with control. */
  #restMayDrive = false;
  #lastRequest: Uint8Array | undefined;

  /** Bytes for the desktop: the whole messages that may pass. Throws `RfbViolation`. */
  push(bytes: Uint8Array, mayDrive: boolean): Uint8Array {
    if (this.#rest.length > 0 && this.#restMayDrive !== mayDrive)
      throw new RfbViolation('Control changed in the middle of a message to the desktop. Open the screen again.');
    const all = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : bytes;
    const passed: Uint8Array[] = [];
    let at = 0;
    for (;;) {
      const length = this.#lengthOf(all.subarray(at));
      if (length === undefined || at + length > all.length) break;
      const message = this.#pass(Uint8Array.from(all.subarray(at, at + length)), mayDrive);
      if (message) passed.push(message);
      at += length;
    }
    this.#rest = Uint8Array.from(all.subarray(at));
    this.#restMayDrive = mayDrive;
    return Buffer.concat(passed);
  }

  /** Control is gone: what is still held down is let go, or the desktop would keep a key pressed for ever. */
  releaseAll(): Uint8Array {
    return this.#pressed.releaseAll();
  }

  /** The last request for a picture, for a viewer that may have lost one with its connection. */
  repeatRequest(): Uint8Array | undefined {
    return this.#lastRequest;
  }

  /** undefined: not enough bytes to tell. */
  #lengthOf(bytes: Uint8Array): number | undefined {
    if (bytes.length === 0) return undefined;
    switch (this.#step) {
      case 'version':
        return 12;
      case 'password':
        return 16;
      case 'security':
      case 'init':
        return 1;
      case 'messages':
        return messageLength(bytes);
    }
  }

  #pass(message: Uint8Array, mayDrive: boolean): Uint8Array | undefined {
    switch (this.#step) {
      case 'version':
        if (!VERSIONS.includes(Buffer.from(message).toString('latin1')))
          throw new RfbViolation('The viewer speaks a version of RFB that is not known here (3.7 and 3.8 are).');
        this.#step = 'security';
        return message;
      case 'security':
        if (message[0] !== SECURITY_NONE && message[0] !== SECURITY_VNC)
          throw new RfbViolation(
            'This desktop wants a kind of login that is not known here. Start its VNC server with security type None.',
          );
        this.#step = message[0] === SECURITY_VNC ? 'password' : 'init';
        return message;
      case 'password':
        this.#step = 'init';
        return message;
      case 'init':
        this.#step = 'messages';
        // Always shared: else whoever comes last would throw everybody else out.
        return Uint8Array.of(1);
      case 'messages':
        return this.#passMessage(message, mayDrive);
    }
  }

  #passMessage(message: Uint8Array, mayDrive: boolean): Uint8Array | undefined {
    const type = message[0]!;
    if (!HARMLESS.has(type)) {
      if (!mayDrive) return undefined;
      this.#pressed.note(message);
      return message;
    }
    if (type === CLIENT_MESSAGE.setEncodings) return withoutLongPointerEvents(message);
    if (type === CLIENT_MESSAGE.framebufferUpdateRequest) {
      this.#lastRequest = Uint8Array.from(message);
      this.#lastRequest[1] = 1;
    }
    return message;
  }
}

function messageLength(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  switch (bytes[0]) {
    case CLIENT_MESSAGE.setPixelFormat:
      return 20;
    case CLIENT_MESSAGE.setEncodings: {
      if (bytes.length < 4) return undefined;
      const count = view.getUint16(2);
      if (count > MOST_ENCODINGS) throw new RfbViolation(`The viewer offers ${count} encodings; ${MOST_ENCODINGS} is the limit.`);
      return 4 + 4 * count;
    }
    case CLIENT_MESSAGE.framebufferUpdateRequest:
    case CLIENT_MESSAGE.enableContinuousUpdates:
      return 10;
    case CLIENT_MESSAGE.keyEvent:
      return 8;
    case CLIENT_MESSAGE.pointerEvent:
      if (bytes.length > 1 && (bytes[1]! & 0x80) !== 0)
        throw new RfbViolation('The viewer uses pointer buttons that were not agreed with the desktop.');
      return 6;
    case CLIENT_MESSAGE.cutText: {
      if (bytes.length < 8) return undefined;
      // Negative: the extended clipboard.
      const length = Math.abs(view.getInt32(4));
      if (length > LONGEST_MESSAGE_BYTES - 8)
        throw new RfbViolation('The text for the clipboard of the desktop is longer than 256 KiB.');
      return 8 + length;
    }
    case CLIENT_MESSAGE.fence: {
      if (bytes.length < 9) return undefined;
      if (bytes[8]! > 64) throw new RfbViolation('The viewer sent a fence that is too long.');
      return 9 + bytes[8]!;
    }
    case CLIENT_MESSAGE.xvp:
      return 4;
    case CLIENT_MESSAGE.setDesktopSize:
      return bytes.length < 7 ? undefined : 8 + 16 * bytes[6]!;
    case CLIENT_MESSAGE.qemu:
      if (bytes.length > 1 && bytes[1] !== 0) throw new RfbViolation('The viewer sent a message that is not known here.');
      return 12;
    default:
      throw new RfbViolation(`The viewer sent a message that is not known here (${bytes[0]}).`);
  }
}

function withoutLongPointerEvents(message: Uint8Array): Uint8Array {
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const encodings = Array.from({ length: view.getUint16(2) }, (_, index) => view.getInt32(4 + 4 * index));
  const kept = encodings.filter((encoding) => encoding !== EXTENDED_MOUSE_BUTTONS);
  const bytes = new Uint8Array(4 + 4 * kept.length);
  const target = new DataView(bytes.buffer);
  bytes[0] = CLIENT_MESSAGE.setEncodings;
  target.setUint16(2, kept.length);
  for (const [index, encoding] of kept.entries()) target.setInt32(4 + 4 * index, encoding);
  return bytes;
}
