/**
 * Takes a new agent that the anchor offers: fetches it from the hub, lays it beside this one, and ends, so that it is started. Invariants:
 * - nothing is believed but the anchor's signature over this device, this start of its agent, what runs and the file; who carried the offer is nobody;
 * - one at a time, and what went back is not tried again, until a person begins another rollout.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { AgentUpdateState } from '#contracts/status.ts';
import type { UpdateOffer } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { checkProof } from '#roadchain/proofs.ts';
import { fetchFromHub, HubUnreachable } from '../identity/hub-client.ts';
import type { Chain } from '../identity/identity-state.ts';
import type { Logger } from '../log.ts';
import { AGENT_VERSION } from '../version.ts';
import { isOnTrial, lastRollout, returnedFrom, stageUpdate, type UpdatePlaces } from './slots.ts';

export interface AgentUpdaterOptions {
  device: string;
  /** Undefined: whoever installed this agent updates it. */
  places: UpdatePlaces | undefined;
  /** The file that runs. */
  ownFile: string;
  onChange(): void;
  /** Ends this process, for its unit to start it again. */
  end(): void;
  /** This part of the agent is over, and another may have begun. */
  signal: AbortSignal;
  log: Logger;
}
type Membership = Pick<Chain, 'device' | 'anchor' | 'hub'> & { session: string };

const FILE = '/install/agent.mjs';
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_ATTEMPTS = 6;
const FIRST_RETRY_MS = 5_000;
const LAST_RETRY_MS = 300_000;
/** The report that says so leaves before the agent does. */
const LAST_WORD_MS = 500;

export class AgentUpdater {
  readonly #options: AgentUpdaterOptions;
  #state: AgentUpdateState;
  #isBusy = false;
  #failures = { rollout: 0, count: 0, nextAtMs: 0 };

  private constructor(options: AgentUpdaterOptions, state: AgentUpdateState) {
    this.#options = options;
    this.#state = state;
  }

  static async open(options: AgentUpdaterOptions): Promise<AgentUpdater> {
    return new AgentUpdater(options, await firstState(options));
  }

  state(): AgentUpdateState | undefined {
    return this.#options.places && this.#state;
  }

  /** It was on trial, and stays. */
  readonly kept = (): void => this.#say({ state: 'ready' });

  /** Comes again with each answer of the hub, for as long as it stands. Never rejects. */
  readonly offered = async (offer: UpdateOffer, member: Membership): Promise<void> => {
    const { places } = this.#options;
    if (!places || this.#isBusy || this.#state.state === 'starting') return;
    this.#isBusy = true;
    try {
      await this.#take(places, offer, member);
    } catch (error) {
      this.#failed(offer, error as Error);
    } finally {
      this.#isBusy = false;
    }
  };

  async #take(places: UpdatePlaces, offer: UpdateOffer, { device, anchor, hub, session }: Membership): Promise<void> {
    const { sig, ...offered } = offer;
    const { version, rollout, sha256, sizeBytes } = offered;
    if (offer.from !== AGENT_VERSION || version === AGENT_VERSION || device !== this.#options.device) return;
    if (!checkProof(nodeCrypto, anchor, 'update', { dev: device, session, ...offered }, sig)) {
      this.#options.log.debug({ version }, 'An agent was offered that the hub of this device did not sign.');
      return;
    }
    const last = await lastRollout(places);
    if (rollout < last || (rollout === last && (await returnedFrom(places)) === version)) return;
    if (this.#failures.rollout !== rollout) this.#failures = { rollout, count: 0, nextAtMs: 0 };
    if (this.#failures.count >= MOST_ATTEMPTS || performance.now() < this.#failures.nextAtMs) return;
    if (sizeBytes > MOST_BYTES) throw new Error('It is larger than any agent.');
    this.#say({ state: 'fetching', version, rollout });
    const code = await fetchFromHub(hub, FILE, sizeBytes);
    if (this.#options.signal.aborted) return;
    await stageUpdate(places, { version, rollout, sha256, code });
    this.#options.log.info({ version, before: AGENT_VERSION }, 'A new agent is here. This one ends, so that it is started.');
    this.#say({ state: 'starting', version, rollout });
    await delay(LAST_WORD_MS);
    this.#options.end();
  }

  /** A hub that is away comes back; another file stays another file. */
  #failed({ version, rollout }: UpdateOffer, error: Error): void {
    const failures = this.#failures;
    failures.count = error instanceof HubUnreachable ? failures.count + 1 : MOST_ATTEMPTS;
    failures.nextAtMs = performance.now() + Math.min(FIRST_RETRY_MS * 2 ** (failures.count - 1), LAST_RETRY_MS);
    const message = error.message.slice(0, 300);
    const isOver = failures.count >= MOST_ATTEMPTS;
    this.#options.log.warn(
      { version, error: message },
      `The new agent could not be taken${isOver ? '' : ' yet'}. This one goes on.`,
    );
    this.#say({ state: isOver ? 'failed' : 'fetching', version, rollout, message });
  }

  #say(state: AgentUpdateState): void {
    this.#state = state;
    this.#options.onChange();
  }
}

async function firstState({ places, ownFile }: AgentUpdaterOptions): Promise<AgentUpdateState> {
  if (!places) return { state: 'ready' };
  const rollout = await lastRollout(places);
  if (await isOnTrial(places, ownFile)) return { state: 'starting', version: AGENT_VERSION, rollout, message: ON_TRIAL };
  const version = await returnedFrom(places);
  if (version === undefined) return { state: 'ready' };
  return { state: 'returned', version, rollout, message: `${version} was tried here and did not report healthy.` };
}

const ON_TRIAL = 'It runs, and has to show that it is well.';
