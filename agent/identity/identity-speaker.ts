/** What the device says of its identity while it is connected: who it is, a tick now and then, new credentials, a new key when asked. */
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { subjects } from '#contracts/subjects.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signProof } from '#roadchain/proofs.ts';
import type { Logger } from '../log.ts';
import { AnchorRefused, type Ask, overNats } from './anchor-line.ts';
import { chainOf, signingSeedOf } from './chain-steps.ts';
import { introduce } from './conversation.ts';
import { type DeviceIdentity, isFinal } from './device-identity.ts';
import { readJwtLife } from './jwt-life.ts';
import { LostWrite, propose, type RotateOrder, settlePending } from './rotation.ts';

export interface SpeakerOptions {
  device: string;
  identity: DeviceIdentity;
  tickMs: number;
  /** Where tests cut the power. */
  mark(point: string): void;
  /** There are other credentials than those this connection was made with. */
  onRenewed(): void;
  log: Logger;
}

const RENEW_AT = 1 / 3;
/** A fleet that was started in one moment does not renew in one. */
const JITTER = 0.1;
const SOON_MS = 1_000;
const LONGEST_MS = 60_000;
const WORTH_A_WORD_MINUTES = 5;
/** In ticks: how long to wait where a person has to change something first. */
const REFUSED_TICKS = 3;

export class IdentitySpeaker {
  readonly #options: SpeakerOptions;
  #talk: AbortController | undefined;

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  attach(connection: NatsConnection): void {
    this.detach();
    const talk = new AbortController();
    this.#talk = talk;
    void new Talk(this.#options, connection, talk.signal).run().catch((error: Error) => {
      this.#options.log.error({ error }, 'The identity fell silent. The device keeps its credentials until they end.');
    });
  }

  detach(): void {
    this.#talk?.abort();
    this.#talk = undefined;
  }
}

/** Over one connection. */
class Talk {
  readonly #options: SpeakerOptions;
  readonly #connection: NatsConnection;
  readonly #signal: AbortSignal;
  readonly #jwtInUse: string | undefined;
  /** Nonce of the next tick; none where the device has to say who it is first. */
  #tick: { n: number; an: string } | undefined;
  #renewAtMs = Number.POSITIVE_INFINITY;
  #hurry: () => void = () => undefined;

  constructor(options: SpeakerOptions, connection: NatsConnection, signal: AbortSignal) {
    this.#options = options;
    this.#connection = connection;
    this.#signal = signal;
    this.#jwtInUse = options.identity.state?.chain?.jwt;
  }

  async run(): Promise<void> {
    const { identity, device, tickMs } = this.#options;
    const hints = this.#connection.subscribe(subjects.rc.down(device), { callback: () => this.#hinted() });
    this.#signal.addEventListener('abort', () => hints.unsubscribe(), { once: true });
    while (!this.#signal.aborted) {
      try {
        if ((await identity.alone(() => this.#say())) === 'renewed') return this.#options.onRenewed();
        await this.#pause(Math.min(tickMs, Math.max(0, this.#renewAtMs - performance.now())));
      } catch (error) {
        if (this.#signal.aborted) return;
        // Also where new credentials are due: a hub that is away is not asked more often for that.
        await this.#pause(await this.#failed(error as Error));
      }
    }
  }

  /** A hint proves nothing: it makes the device ask sooner, and that is all. */
  #hinted(): void {
    this.#tick = undefined;
    this.#hurry();
  }

  async #say(): Promise<'renewed' | 'said'> {
    const { identity, mark } = this.#options;
    const state = identity.state;
    if (!state?.chain || this.#signal.aborted) return 'said';
    const ask = overNats(this.#connection, state.chain);
    const isDue = performance.now() >= this.#renewAtMs;
    if (this.#tick && !isDue) return this.#rotateIfAsked(await this.#sendTick(ask, this.#tick), ask);
    const introduced = await introduce(state, identity.session, this.#tools(ask));
    identity.know(introduced.state);
    identity.trouble('unchanged');
    this.#compareClocks(introduced.anchorAtMs);
    if (introduced.rotated || isDue) {
      mark('rotate:announced');
      return 'renewed';
    }
    this.#tick = { n: 0, an: introduced.an };
    this.#renewAtMs = renewalOf(this.#jwtInUse, introduced.anchorAtMs);
    return this.#rotateIfAsked(introduced.rotate, ask);
  }

  /** Nothing here depends on it; certificates and the times of logs do. */
  #compareClocks(anchorAtMs: number): void {
    const { identity, log } = this.#options;
    const minutes = Math.round((Date.now() - anchorAtMs) / 60_000);
    if (Math.abs(minutes) < WORTH_A_WORD_MINUTES || identity.minutesOff === minutes) return;
    identity.minutesOff = minutes;
    log.warn(
      { minutes },
      `The clock of this device is ${Math.abs(minutes)} minutes ${minutes > 0 ? 'ahead of' : 'behind'} the hub's. Its identity does not mind; the times of its logs are wrong. Does it reach a time server?`,
    );
  }

  async #sendTick(ask: Ask, { n, an }: { n: number; an: string }): Promise<RotateOrder | undefined> {
    const { session, state } = this.#options.identity;
    const sig = signProof(nodeCrypto, signingSeedOf(chainOf(state!)), 'tick', { session, n, an });
    const ticked = await ask({ op: 'tick', session, n, an, sig }, 'ticked');
    this.#tick = { n: n + 1, an: ticked.an };
    return ticked.rotate;
  }

  async #rotateIfAsked(order: RotateOrder | undefined, ask: Ask): Promise<'renewed' | 'said'> {
    if (!order) return 'said';
    const { identity, mark, log } = this.#options;
    const tools = this.#tools(ask);
    const before = identity.state!;
    const proposed = before.pending ? before : identity.know(await propose(before, order, tools));
    const { epoch } = chainOf(identity.know(await settlePending(proposed, tools)));
    log.info({ epoch }, 'The key of this device has changed.');
    mark('rotate:announced');
    return 'renewed';
  }

  #tools(ask: Ask) {
    const { identity, mark } = this.#options;
    return { ask, store: identity.store, mark, wait: (ms: number) => delay(ms, undefined, { signal: this.#signal }) };
  }

  /** Gives how long to wait. */
  async #failed(error: Error): Promise<number> {
    const { identity, tickMs, log } = this.#options;
    this.#tick = undefined;
    if (error instanceof LostWrite) await identity.reload();
    const said = identity.explain(error);
    log.debug({ said }, 'The hub did not take what this device said of its identity.');
    if (isFinal(error)) return tickMs * REFUSED_TICKS;
    if (!(error instanceof AnchorRefused)) return tickMs;
    return Math.min(error.retryMs ?? Math.min(tickMs, SOON_MS), LONGEST_MS);
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#hurry = end;
      this.#signal.addEventListener('abort', end);
    });
  }
}

/** When credentials are at a third of their life, by the clock of who made them. */
function renewalOf(jwt: string | undefined, anchorAtMs: number): number {
  const life = jwt === undefined ? undefined : readJwtLife(jwt);
  if (!life || !Number.isFinite(life.lifeMs) || !Number.isFinite(anchorAtMs)) return Number.POSITIVE_INFINITY;
  const agedMs = anchorAtMs - (life.expiresAtMs - life.lifeMs);
  return performance.now() + life.lifeMs * RENEW_AT * (1 - JITTER * Math.random()) - agedMs;
}
