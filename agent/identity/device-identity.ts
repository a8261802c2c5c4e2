/** The identity of this device while the agent runs: what is known of it, one change at a time, and what the hub said last. */
import { type Machine, startMachine } from '#roadchain/device-chain.ts';
import type { REFUSALS } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import type { Logger } from '../log.ts';
import { AnchorRefused } from './anchor-line.ts';
import { deviceStateOf } from './chain-steps.ts';
import type { Refreshed } from './credential-source.ts';
import { HubUnreachable } from './hub-client.ts';
import type { IdentityState } from './identity-state.ts';
import type { IdentityStore, Loaded } from './identity-store.ts';
import { readJwtLife } from './jwt-life.ts';

/** A person has to change these; the others pass. */
const FINAL: readonly (typeof REFUSALS)[number][] = ['kept-out', 'contested', 'stale', 'absent', 'unknown'];

const CONTESTED =
  'The hub wants a person to say whether this is the right device: there may be two of it. Its containers keep running; until then it only reports. Decide on its page.';

export class DeviceIdentity {
  readonly log: Logger;
  readonly store: IdentityStore;
  /** How far the clock of this device was off when that was said last. */
  minutesOff: number | undefined;
  readonly #onTrouble: (message: string | undefined) => void;
  #loaded: Loaded | undefined;
  #isContested = false;
  #machine: Machine | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(store: IdentityStore, log: Logger, onTrouble: (message: string | undefined) => void) {
    this.store = store;
    this.log = log;
    this.#onTrouble = onTrouble;
  }

  /** One change after the other: the disk, and what the hub knows, never see two at once. */
  alone<T>(change: () => Promise<T>): Promise<T> {
    const mine = this.#turn.then(change, change);
    this.#turn = mine.catch(() => undefined);
    return mine;
  }

  async load(): Promise<Loaded> {
    this.#loaded ??= await this.store.load();
    return this.#loaded;
  }

  reload(): Promise<Loaded> {
    this.#loaded = undefined;
    return this.load();
  }

  get state(): IdentityState | undefined {
    return this.#loaded?.kind === 'known' ? this.#loaded.state : undefined;
  }

  /** Where the conversation with the anchor is: of one session for each start of the agent, which two copies cannot share. */
  get machine(): Machine {
    const state = deviceStateOf(this.state);
    this.#machine = this.#machine ? { ...this.#machine, state } : startMachine(nodeCrypto, state);
    return this.#machine;
  }

  know(state: IdentityState, machine: Machine): void {
    this.#loaded = { kind: 'known', state };
    this.#machine = machine;
  }

  /** The hub took its word, of which there may be two. */
  proved(): void {
    const isContested = readJwtLife(this.state?.chain?.jwt ?? '')?.isContested ?? false;
    if (isContested && !this.#isContested) this.log.warn({}, CONTESTED);
    this.#isContested = isContested;
    this.#onTrouble(isContested ? CONTESTED : undefined);
  }

  trouble<Said extends Refreshed>(said: Said): Said {
    this.#onTrouble(typeof said === 'object' && 'refused' in said ? said.refused : undefined);
    return said;
  }

  /** What an error means for the credentials. Only what the anchor signed ends them: anybody else can only be in the way. */
  explain(error: Error): Refreshed {
    if (isFinal(error)) return this.trouble({ refused: error.message });
    if (!(error instanceof AnchorRefused) && !(error instanceof HubUnreachable))
      this.log.warn({ error: error.message }, 'The identity could not be proved. The device keeps what it has and tries again.');
    return { why: error.message };
  }
}

export const isFinal = (error: unknown): boolean => error instanceof AnchorRefused && error.signed && FINAL.includes(error.code);
