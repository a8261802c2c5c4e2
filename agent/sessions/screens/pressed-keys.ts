/** Which keys and buttons a viewer holds down on a desktop, so that they can be let go for it. */

const KEY_EVENT = 4;
const POINTER_EVENT = 5;
const QEMU_EVENT = 255;
const MOST_KEYS = 64;

export class PressedKeys {
  /** Key -> the message that lets it go. */
  readonly #keys = new Map<string, Uint8Array>();
  #pointer: Uint8Array | undefined;

  /** One whole message of a viewer. */
  note(message: Uint8Array): void {
    if (message[0] === POINTER_EVENT) {
      this.#pointer = message[1] === 0 ? undefined : withByte(message, 1, 0);
      return;
    }
    if (message[0] !== KEY_EVENT && message[0] !== QEMU_EVENT) return;
    const isQemu = message[0] === QEMU_EVENT;
    const name = `${message[0]} ${Buffer.from(message.subarray(4)).toString('hex')}`;
    const isDown = isQemu ? (message[2]! | message[3]!) !== 0 : message[1] !== 0;
    if (!isDown) this.#keys.delete(name);
    else if (this.#keys.size < MOST_KEYS)
      this.#keys.set(name, isQemu ? withByte(withByte(message, 2, 0), 3, 0) : withByte(message, 1, 0));
  }

  releaseAll(): Uint8Array {
    const messages = [...this.#keys.values(), ...(this.#pointer ? [this.#pointer] : [])];
    this.#keys.clear();
    this.#pointer = undefined;
    return Buffer.concat(messages);
  }
}

function withByte(message: Uint8Array, at: number, value: number): Uint8Array {
  const copy = Uint8Array.from(message);
  copy[at] = value;
  return copy;
}
