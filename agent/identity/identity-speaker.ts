/** What the device says of its identity while it is connected: who it is, a tick now and then, new credentials, a new key when asked. */
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { subjects } from '#contracts/subjects.ts';
import type { UpdateOffer } from '#roadchain/messages.ts';
import type { Logger } from '../log.ts';
import { AnchorRefused, type Ask, overNats } from './anchor-line.ts';
import { converse, LostWrite } from './conversation.ts';
import { type DeviceIdentity, isFinal } from './device-identity.ts';
import { HubUnreachable } from './hub-client.ts';
import type { Chain } from './identity-state.ts';
import { readJwtLife } from './jwt-life.ts';

export interface SpeakerOptions {
  device: string;
  identity: DeviceIdentity;
  tickMs: number;
  /** Where tests cut the power. */
  mark(point: string): void;
  /** There are other credentials than those this connection was made with. */
  onRenewed(): void;
  /** A new agent is offered, by whoever answers: what it is worth says its signature. */
  onOffer?: OfferListener | undefined;
  log: Logger;
}

export type OfferListener = (offer: UpdateOffer, to: Chain & { session: string }) => void;

const RENEW_AT = 1 / 3;
/** A fleet that was started in one moment does not renew in one. */
const JITTER = 0.1;
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
  readonly #gone: Promise<never>;
  readonly #jwtInUse: string | undefined;
  readonly #urlsInUse: string;
  /** The device has to say who it is first. */
  #isNew = true;
  #renewAtMs = Number.POSITIVE_INFINITY;
  #hurry: () => void = () => undefined;

  constructor(options: SpeakerOptions, connection: NatsConnection, signal: AbortSignal) {
    this.#options = options;
    this.#connection = connection;
    this.#signal = signal;
    this.#gone = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new HubUnreachable('The connection to the hub is gone.')), { once: true });
    });
    this.#gone.catch(() => undefined);
    this.#urlsInUse = options.identity.state?.chain?.nats.urls.join(' ') ?? '';
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
    this.#isNew = true;
    this.#hurry();
  }

  async #say(): Promise<'renewed' | 'said'> {
    const { identity, mark } = this.#options;
    const chain = identity.state?.chain;
    if (!chain || this.#signal.aborted) return 'said';
    const isDue = performance.now() >= this.#renewAtMs;
    const isLive = identity.machine.phase.kind === 'live' && !this.#isNew && !isDue;
    this.#isNew = false;
    const { renewed, anchorAtMs } = await converse(
      identity,
      { kind: isLive ? 'tick-due' : 'connected' },
      {
        ask: this.#hearingOffers(this.#whileItStands(overNats(this.#connection, chain)), chain),
        mark,
        wait: (ms) => delay(ms, undefined, { signal: this.#signal }),
        leaves: (isNewKey) => isNewKey || isDue || this.#isOfAnotherKind() || this.#isElsewhere(),
      },
    );
    identity.proved();
    if (anchorAtMs !== undefined) {
      this.#compareClocks(anchorAtMs);
      this.#renewAtMs = renewalOf(this.#jwtInUse, anchorAtMs);
    }
    if (!renewed) return 'said';
    mark('rotate:announced');
    return 'renewed';
  }

  /** What is asked over a connection that is gone holds up nobody who has another way to ask. */
  #whileItStands(ask: Ask): Ask {
    return (request) => Promise.race([ask(request), this.#gone]);
  }

  #hearingOffers(ask: Ask, chain: Chain): Ask {
    return async (request) => {
      const answer = await ask(request);
      if ((answer.op === 'proved' || answer.op === 'ticked') && answer.update)
        this.#options.onOffer?.(answer.update, { ...chain, session: this.#options.identity.machine.session });
      return answer;
    };
  }

  /** The hub said where NATS is from now on. */
  #isElsewhere(): boolean {
    const { urls } = this.#options.identity.state?.chain?.nats ?? { urls: [] };
    return urls.join(' ') !== this.#urlsInUse;
  }

  /** Less is allowed now, or all of it again. */
  #isOfAnotherKind(): boolean {
    const now = readJwtLife(this.#options.identity.state?.chain?.jwt ?? '');
    return now !== undefined && now.isContested !== (readJwtLife(this.#jwtInUse ?? '')?.isContested ?? false);
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

  /** Gives how long to wait. */
  async #failed(error: Error): Promise<number> {
    const { identity, tickMs, log } = this.#options;
    this.#isNew = true;
    if (error instanceof LostWrite) await identity.reload();
    const said = identity.explain(error);
    log.debug({ said }, 'The hub did not take what this device said of its identity.');
    if (isFinal(error)) return tickMs * REFUSED_TICKS;
    if (!(error instanceof AnchorRefused)) return tickMs;
    return Math.min(error.retryMs ?? tickMs, LONGEST_MS);
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
