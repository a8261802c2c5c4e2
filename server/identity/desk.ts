/**
 * Answers devices about their identity: takes the decision of the protocol, makes what it says durable, and only then speaks. Invariants:
 * - one request of a device after the other; an entry that somebody else appended in between means deciding again;
 * - a proposed link is stored before the device hears that it was prepared.
 */
import type { Logger } from 'pino';
import { toBase64url } from '#roadchain/bytes.ts';
import {
  type Alarm,
  type AnchorState,
  type Answer,
  appended,
  type Chosen,
  type Decision,
  decide,
  newAnchorState,
  type Pending,
  type Refusal,
} from '#roadchain/decide.ts';
import { type DeviceView, headPoint, sealDraft } from '#roadchain/device-view.ts';
import { holderOf } from '#roadchain/holder.ts';
import type { Link } from '#roadchain/link.ts';
import { Reach, type UpAnswer, type UpdateOffer, type UpRequest } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signProof, signReach } from '#roadchain/proofs.ts';
import type { AnchorKey } from './anchor-key.ts';
import type { Ledger } from './ledger.ts';
import { IDENTITY_KEY, type IdentityBuckets, type RotateRecord } from './records.ts';
import { REFUSAL_WORDS } from './refusal-words.ts';
import type { IdentitySettings } from './settings.ts';

export interface DeskParts {
  anchor: AnchorKey;
  ledger: Ledger;
  buckets: Pick<IdentityBuckets, 'pendings' | 'rotates'>;
  settings: IdentitySettings;
  /** A JWT for this key of this device. */
  mint(device: string, pk: string): string;
  /** What the device is asked for; undefined: nothing. */
  rotateOf(device: string): RotateRecord | undefined;
  /** A new agent, where its turn has come. */
  updateFor(device: string, session: string): UpdateOffer | undefined;
  /** Nobody could be heard before this moment. */
  aliveSinceMs(): number;
  onAlarm(device: string, alarm: Alarm): void;
  onRotated(device: string, link: Link): void;
  /** The one that this person chose has its next key. */
  onCleared(device: string, by: string): void;
  /** Where devices reach NATS. */
  reach(): Reach;
  log: Logger;
}

/** Somebody appended to the chain of this device in between. */
class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

const MOST_ATTEMPTS = 5;

export class Desk {
  readonly #parts: DeskParts;
  readonly #states = new Map<string, AnchorState>();
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
    parts.ledger.onEntry((one) => {
      if (!one) return this.#states.clear();
      const state = this.#states.get(one.dev);
      if (state) this.#states.set(one.dev, appended(nodeCrypto, state, one.entry));
    });
  }

  /** When the device last proved that it is there. */
  seenMs(device: string): number | undefined {
    return this.#states.get(device)?.view?.seenMs;
  }

  /** Since when its agent has answered; undefined: it has not, since this anchor leads. */
  isPresent(device: string): boolean {
    return this.#states.get(device)?.contact.active !== undefined;
  }

  answer(device: string, request: UpRequest): Promise<UpAnswer> {
    const before = this.#turns.get(device) ?? Promise.resolve();
    const mine = before.then(() => this.#decide(device, request));
    const done = mine
      .catch(() => {})
      .then(() => {
        if (this.#turns.get(device) === done) this.#turns.delete(device);
      });
    this.#turns.set(device, done);
    return mine;
  }

  async #decide(device: string, request: UpRequest): Promise<UpAnswer> {
    await this.#parts.ledger.whenRead;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#attempt(device, request);
      } catch (error) {
        this.#states.delete(device);
        if (!(error instanceof Overtaken) || attempt === MOST_ATTEMPTS) throw error;
      }
    }
  }

  async #attempt(device: string, request: UpRequest): Promise<UpAnswer> {
    const { anchor, ledger, settings, onAlarm } = this.#parts;
    const view = ledger.viewOf(device);
    if (!view && !(request.op === 'hello' && request.receipts?.length))
      return this.#toAnswer(device, refusalOf(request), request);
    const before = await this.#stateOf(device, view, request);
    const chosen = await this.#chosenOf(device, view, request);
    const decision = decide(
      {
        crypto: nodeCrypto,
        fleet: anchor.fleet,
        dev: device,
        anchorPk: anchor.publicKey,
        nowMs: Date.now(),
        nonce: toBase64url(nodeCrypto.random(32)),
        graceMs: settings.absenceMs,
        settleMs: settings.settleMs,
        chosen,
      },
      before,
      request,
    );
    if (decision.state.pendings !== before.pendings) await this.#keepPendings(device, decision.state.pendings);
    this.#states.set(device, decision.state);
    await this.#appendAll(device, decision, view);
    for (const alarm of decision.alarms) onAlarm(device, alarm);
    return this.#toAnswer(device, decision.answer, request);
  }

  /** From storage where a link is to be added: the person may have changed their mind at another anchor. */
  async #chosenOf(device: string, view: DeviceView | undefined, { op }: UpRequest): Promise<Chosen | undefined> {
    if (view?.standing !== 'contested' || (op !== 'prepare' && op !== 'commit')) return undefined;
    const { head, holder, by, req } = (await this.#parts.buckets.rotates.get(IDENTITY_KEY.rotate(device)))?.value ?? {};
    return head === headPoint(view).head && holder && by && req ? { holder, by, req } : undefined;
  }

  async #stateOf(device: string, view: DeviceView | undefined, request: UpRequest): Promise<AnchorState> {
    const seenMs = Math.max(view?.seenMs ?? 0, this.#parts.aliveSinceMs());
    const state = this.#states.get(device) ?? newAnchorState(view && { ...view, seenMs });
    if (request.op !== 'prepare' && request.op !== 'commit') return state;
    // From storage each time: another anchor may have prepared it.
    const stored = await this.#parts.buckets.pendings.get(IDENTITY_KEY.pending(device));
    return { ...state, pendings: stored?.value.links ?? [] };
  }

  async #appendAll(device: string, { append }: Decision, decidedOn: DeviceView | undefined): Promise<void> {
    const { anchor, ledger, onCleared, onRotated } = this.#parts;
    let expected = decidedOn;
    for (const draft of append) {
      const { entry } = await ledger.append(device, (view, seq) => {
        if (view !== expected) throw new Overtaken(`The chain of ${device} went on in between.`);
        return sealDraft(nodeCrypto, anchor.seed, view, draft, { at: new Date().toISOString(), seq });
      });
      expected = ledger.viewOf(device);
      if (entry.kind === 'link' && draft.kind === 'link') {
        await this.#keepPendings(device, this.#states.get(device)?.pendings ?? []);
        onRotated(device, entry.link);
      } else if (draft.kind === 'verdict' && draft.status === 'cleared') onCleared(device, draft.by ?? 'hub');
    }
  }

  async #keepPendings(device: string, pendings: readonly Pending[]): Promise<void> {
    await this.#parts.buckets.pendings.put(IDENTITY_KEY.pending(device), { links: [...pendings] });
  }

  #toAnswer(device: string, answer: Answer, request: UpRequest): UpAnswer {
    const { anchor, ledger, mint, settings } = this.#parts;
    const at = new Date().toISOString();
    const view = ledger.viewOf(device);
    switch (answer.kind) {
      case 'challenge':
        return { op: 'challenge', an: answer.an, at };
      case 'proved':
        return {
          op: 'proved',
          an: answer.an,
          jwt: mint(device, headPoint(view!).pk),
          ...this.#rotation(device, view!, request),
          ...this.#update(device, view!, request),
          ...this.#reach(device, request),
        };
      case 'prepared':
        return { op: 'prepared', link: answer.link, an: answer.an, settleMs: settings.settleMs };
      case 'committed':
        return { op: 'committed', link: answer.link ?? view!.headLink, jwt: mint(device, headPoint(view!).pk) };
      case 'ticked':
        return {
          op: 'ticked',
          an: answer.an,
          at,
          ...this.#rotation(device, view!, request),
          ...this.#update(device, view!, request),
        };
      case 'refused': {
        const { code, about } = answer;
        const sig = signProof(nodeCrypto, anchor.seed, 'refused', { code, about });
        return { op: 'refused', code, message: REFUSAL_WORDS[code], sig };
      }
    }
  }

  #reach(dev: string, request: UpRequest) {
    if (request.op !== 'prove') return {};
    // What no device would read would cost it the whole answer.
    const reach = Reach.safeParse(this.#parts.reach()).data;
    if (!reach) return {};
    return { nats: { ...reach, sig: signReach(nodeCrypto, this.#parts.anchor.seed, { dev, an: request.an }, reach) } };
  }

  #update(device: string, { standing }: DeviceView, request: UpRequest) {
    if (request.op !== 'prove' && request.op !== 'tick') return {};
    const update = standing === 'active' ? this.#parts.updateFor(device, request.session) : undefined;
    return update ? { update } : {};
  }

  #rotation(device: string, view: DeviceView, request: UpRequest) {
    const asked = this.#parts.rotateOf(device);
    if (!asked || asked.head !== headPoint(view).head) return {};
    const order = { req: asked.req, cause: asked.cause, an: toBase64url(nodeCrypto.random(32)) };
    if (view.standing === 'active' && !asked.holder) return { rotate: order };
    // Of several that have the key only the one that a person chose is asked.
    const session = 'session' in request ? request.session : undefined;
    const isChosen = session !== undefined && asked.holder === holderOf(nodeCrypto, session);
    return view.standing === 'contested' && isChosen ? { rotate: { ...order, named: true } } : {};
  }
}

/** To a name without a chain. */
function refusalOf(request: UpRequest): Answer {
  const code: Refusal = 'unknown';
  if (request.op === 'hello' || request.op === 'prove') return { kind: 'refused', code, about: request.head };
  return { kind: 'refused', code, about: 'an' in request ? request.an : '' };
}
