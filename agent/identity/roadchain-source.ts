/** Credentials by the identity chain: joins once, comes back over HTTP where NATS no longer lets it in, renews over NATS. */
import { setTimeout as delay } from 'node:timers/promises';
import { subjects } from '#contracts/subjects.ts';
import { holderOf } from '#roadchain/holder.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import type { Logger } from '../log.ts';
import { overHttp } from './anchor-line.ts';
import { signingSeedOf } from './chain-steps.ts';
import { converse } from './conversation.ts';
import type { CredentialSource, NatsCredential, Refreshed } from './credential-source.ts';
import { DeviceIdentity } from './device-identity.ts';
import { enrol } from './enrolment.ts';
import { IdentitySpeaker, type OfferListener } from './identity-speaker.ts';
import type { Chain } from './identity-state.ts';
import { IdentityStore } from './identity-store.ts';
import { readJwtLife } from './jwt-life.ts';
import { userSeed } from './nkey-text.ts';
import { forgetToken, readToken, type TokenPlace } from './token-place.ts';

export interface RoadchainOptions {
  device: string;
  stateDir: string;
  tokens: TokenPlace;
  configFile: string;
  hubUrl?: string | undefined;
  tickMs: number;
  facts(): Record<string, string>;
  /** What a person has to know, for the report; undefined once all is well. */
  onTrouble(message: string | undefined): void;
  onOffer?: OfferListener | undefined;
  /** Where tests cut the power. */
  mark(point: string): void;
  log: Logger;
}

/** Between two attempts over HTTP. */
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 30_000;
/** Somebody stands before the device and compares words. */
const WAITING_RETRY_MS = 2_000;
/** In ticks: how long to wait where a person has to change something first. */
const REFUSED_TICKS = 3;
const JITTER = 0.1;

const LOST =
  'The identity of this device is lost: both copies on its disk are damaged. Its containers keep running. Take it back on the wall, then run on it: scorewall-agent join TOKEN.';
const NOT_JOINED = 'This device has not joined yet. Press Add a device on the wall, then run on it: scorewall-agent join TOKEN.';

interface Attempt {
  said: Refreshed;
  waitMs?: number;
}

/** The newest addresses first, and behind them the ones before; where the certificate changes with them, both authorities are believed. */
function reachOf({ device, nats }: Chain): Pick<NatsCredential, 'servers' | 'ca'> {
  const { urls, ca, before } = nats;
  // Not every device begins with the same one of several.
  const first = [...device].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % Math.max(1, urls.length);
  const servers = [...new Set([...urls.slice(first), ...urls.slice(0, first), ...(before?.urls ?? [])])];
  return { servers, ca: [...new Set([ca, before?.ca])].filter((pem) => pem !== undefined).join('\n') || undefined };
}

export class RoadchainSource implements CredentialSource {
  readonly kind = 'roadchain';
  readonly speaker: IdentitySpeaker;
  readonly #options: RoadchainOptions;
  readonly #identity: DeviceIdentity;
  #isRenewed = false;
  #isRejected = false;
  #isLost = false;
  #usedToken: string | undefined;
  #words = '';
  /** Nothing is asked over HTTP before this moment; `said` is what came of it last. */
  #next: { atMs: number; backOffMs: number; said: Refreshed } = { atMs: 0, backOffMs: FIRST_RETRY_MS, said: 'unchanged' };
  #refreshing: Promise<Refreshed> | undefined;
  #onChange: () => void = () => undefined;

  constructor(options: RoadchainOptions) {
    const { device, stateDir, tickMs, mark, log } = options;
    this.#options = options;
    const store = new IdentityStore(stateDir, log, (step) => mark(`slot:${step}`));
    this.#identity = new DeviceIdentity(store, log, options.onTrouble);
    const onRenewed = () => {
      this.#isRenewed = true;
      this.#onChange();
    };
    this.speaker = new IdentitySpeaker({
      device,
      identity: this.#identity,
      tickMs,
      mark,
      onRenewed,
      onOffer: options.onOffer,
      log,
    });
  }

  onChange(listener: () => void): void {
    this.#onChange = listener;
  }

  current(): NatsCredential | undefined {
    const chain = this.#identity.state?.chain;
    if (!chain || chain.device !== this.#options.device) return undefined;
    const life = readJwtLife(chain.jwt);
    return {
      jwt: chain.jwt,
      seed: userSeed(signingSeedOf(chain)),
      inboxPrefix: subjects.inbox(chain.device),
      expiresAtMs: life?.expiresAtMs ?? 0,
      isContested: life?.isContested ?? false,
      holder: holderOf(nodeCrypto, this.#identity.machine.session),
      ...reachOf(chain),
    };
  }

  isProved(): boolean {
    return this.#identity.state?.chain !== undefined && this.#identity.machine.phase.kind === 'live';
  }

  rejected(): void {
    this.#isRejected = true;
  }

  /** Asked once over HTTP: whoever answers there says where NATS is. */
  unreachable(): void {
    this.#isLost = true;
  }

  refresh(): Promise<Refreshed> {
    this.#refreshing ??= this.#refresh()
      .catch((error: Error) => this.#identity.explain(error))
      .finally(() => {
        this.#refreshing = undefined;
      });
    return this.#refreshing;
  }

  async #refresh(): Promise<Refreshed> {
    await this.#identity.load();
    if (this.#isRenewed) {
      this.#isRenewed = false;
      return 'renewed';
    }
    const read = await readToken(this.#options.tokens);
    const token = read === this.#usedToken ? undefined : read;
    // The clock of a device proves nothing: credentials are old when NATS says so.
    const isLost = this.#isLost;
    this.#isLost = false;
    if (token === undefined && this.#identity.state?.chain && !this.#isRejected && !isLost)
      return this.#otherName() ?? 'unchanged';
    if (performance.now() < this.#next.atMs) return this.#next.said;
    const { said, waitMs } = await this.#identity.alone(() => (token === undefined ? this.#comeBack() : this.#join(token)));
    if (said === 'renewed') {
      this.#isRejected = false;
      this.#next = { atMs: 0, backOffMs: FIRST_RETRY_MS, said: 'unchanged' };
    } else {
      const { backOffMs } = this.#next;
      const thenMs = (waitMs ?? backOffMs) * (1 - JITTER * Math.random());
      this.#next = { atMs: performance.now() + thenMs, backOffMs: Math.min(backOffMs * 2, LAST_RETRY_MS), said };
    }
    return said;
  }

  async #join(token: string): Promise<Attempt> {
    const { device, hubUrl, facts, mark, log, tokens, configFile } = this.#options;
    const known = await this.#identity.load();
    try {
      const outcome = await enrol(
        { store: this.#identity.store, token, device, mayRename: false, hubUrl, facts: facts(), mark },
        known,
      );
      if (outcome.kind === 'waiting') return this.#waiting(outcome.words);
      if (outcome.kind === 'refused') return this.#refusedToken(token, outcome.message);
      log.info({ device }, 'This device has joined the fleet.');
      this.#usedToken = token;
      mark('enrol:token');
      await forgetToken(tokens, configFile).catch((error: Error) =>
        log.warn(
          { error },
          'The join token opens nothing any more, but it cannot be removed. Take it out of the config by hand.',
        ),
      );
      this.#identity.trouble('unchanged');
      return { said: 'renewed' };
    } catch (error) {
      return { said: this.#identity.explain(error as Error) };
    } finally {
      await this.#identity.reload();
    }
  }

  #waiting(words: string): Attempt {
    const why = `This device waits for somebody to say yes on the wall. Match words: ${words}.`;
    if (this.#words !== words) this.#options.log.info({}, why);
    this.#words = words;
    return { said: { why }, waitMs: WAITING_RETRY_MS };
  }

  /** Whoever is a member already stays one. */
  #refusedToken(token: string, message: string): Attempt {
    if (!this.#identity.state?.chain) return this.#refused(message);
    this.#options.log.error({}, `${message} The device goes on with the identity it has.`);
    this.#usedToken = token;
    return { said: 'unchanged' };
  }

  /** Without credentials that NATS takes: the same conversation over HTTP gives new ones. */
  async #comeBack(): Promise<Attempt> {
    const known = await this.#identity.load();
    if (known.kind === 'lost') return this.#refused(LOST);
    const chain = this.#identity.state?.chain;
    if (known.kind === 'none' || !chain) return this.#refused(NOT_JOINED);
    const { mark } = this.#options;
    const line = { ask: overHttp(chain), mark, wait: (ms: number) => delay(ms), leaves: () => true };
    try {
      await converse(this.#identity, { kind: 'connected' }, line);
      this.#identity.proved();
      return { said: 'renewed' };
    } catch (error) {
      const said = this.#identity.explain(error as Error);
      // A step of it may be done.
      await this.#identity.reload();
      return typeof said === 'object' && 'refused' in said ? this.#refused(said.refused) : { said };
    }
  }

  #otherName(): Refreshed | undefined {
    const name = this.#identity.state?.chain?.device;
    const { device } = this.#options;
    if (name === undefined || name === device) return undefined;
    return this.#refused(
      `The identity in the state folder is of ${name}, and the config says ${device}. Containers keep running. Set device_id = "${name}", or use another state_dir.`,
    ).said;
  }

  #refused(refused: string): Attempt {
    return { said: this.#identity.trouble({ refused }), waitMs: this.#options.tickMs * REFUSED_TICKS };
  }
}
