/** Of all that sessions say, what changes how they are listed: a new one, another who types, an end. */
import { FRAME_KIND } from '#contracts/stream/frame.ts';
import { readTerminalState } from '#contracts/stream/terminal-reader.ts';

export class SessionNews {
  /** What was last heard of each that has not ended. */
  #heard = new Map<string, string>();

  /** True: whoever lists the sessions should know. */
  hear(sid: string, message: Uint8Array): boolean {
    // Nearly everything is output, and is not looked at.
    if (message[0] !== FRAME_KIND.state) return false;
    const state = readTerminalState(message);
    if (!state) return false;
    const heard = state.writer?.uid ?? '';
    if (!state.ended && this.#heard.get(sid) === heard) return false;
    if (state.ended) this.#heard.delete(sid);
    else this.#heard.set(sid, heard);
    return true;
  }
}
