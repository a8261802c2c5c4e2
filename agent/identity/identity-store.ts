/** The device's identity on disk: read once, written before anything is said that depends on it. */
import { join } from 'node:path';
import type { Logger } from '../log.ts';
import { IdentityState } from './identity-state.ts';
import { Slots } from './slots.ts';

export type Loaded = { kind: 'known'; state: IdentityState } | { kind: 'none' } | { kind: 'lost' };

export class IdentityStore {
  readonly #slots: Slots;
  readonly #log: Logger;

  constructor(stateDir: string, log: Logger, mark?: (step: string) => void) {
    this.#slots = new Slots(join(stateDir, 'identity'), mark);
    this.#log = log;
  }

  async load({ repair = true } = {}): Promise<Loaded> {
    const read = await this.#slots.read();
    if (read.kind === 'empty') return { kind: 'none' };
    if (read.kind === 'lost') return { kind: 'lost' };
    const state = parse(read.text);
    if (!state) return { kind: 'lost' };
    if (repair && read.damaged.length > 0) {
      this.#log.warn(
        { slot: read.damaged[0] },
        'One of the two copies of the identity was damaged. It is written anew from the other.',
      );
      await this.#slots.writeBoth(read.text).catch((error: Error) => {
        this.#log.warn({ error }, 'The damaged copy of the identity cannot be written. Check the disk of this device.');
      });
    }
    return { kind: 'known', state };
  }

  /** As it is on the disk now, for who must be sure that it is there. */
  async reread(): Promise<IdentityState | undefined> {
    const read = await this.#slots.read();
    return read.kind === 'good' ? parse(read.text) : undefined;
  }

  /** Beside what was there before. */
  write = (state: IdentityState): Promise<void> => this.#slots.write(JSON.stringify(state));

  /** And what was there before is gone: a secret of the past, or a token. */
  replace = (state: IdentityState): Promise<void> => this.#slots.writeBoth(JSON.stringify(state));
}

function parse(text: string): IdentityState | undefined {
  try {
    return IdentityState.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
