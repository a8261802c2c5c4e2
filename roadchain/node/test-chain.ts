/** A hub's key, a device and its chain by real cryptography, for tests. */
import { toBase64url } from '../bytes.ts';
import { fleetOf, linkHash, proposeGenesis, proposeLink, sealLink } from '../chain.ts';
import { type AnchorState, appended, type Chosen, type DecideContext, type Decision, decide, newAnchorState } from '../decide.ts';
import { headPoint, sealDraft, viewOf } from '../device-view.ts';
import type { LedgerEntry, Link } from '../link.ts';
import type { UpRequest } from '../messages.ts';
import { signProof } from '../proofs.ts';
import { nextSeed, signingSeed } from '../seeds.ts';
import { nodeCrypto as crypto } from './crypto.ts';

export const anchorSeed = crypto.random(32);
export const anchorPk = toBase64url(crypto.publicKey(anchorSeed));
export const fleet = fleetOf(crypto, anchorPk);
export const DEV = 'pi-1';
export const nonce = (): string => toBase64url(crypto.random(32));
export const START_MS = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;
const said = { fleet, dev: DEV, agent: '1.0.0', at: new Date(0).toISOString() };

export interface Epoch {
  seed: Uint8Array;
  link: Link;
}
export const place = (seq: number, atMs = START_MS) => ({ at: new Date(atMs).toISOString(), seq });

export function firstEpoch(): Epoch {
  const seed = crypto.random(32);
  return { seed, link: sealLink(crypto, anchorSeed, proposeGenesis(crypto, { ...said, seed, tid: '0'.repeat(16) }), place(0)) };
}
/** A proposal to follow an epoch, and its secret. */
export function nextProposal(from: Epoch, req = 'r1') {
  const previous = headPoint(viewOf(crypto, [{ kind: 'link', link: from.link }]) as never);
  const an = nonce();
  const random = crypto.random(32);
  const seed = nextSeed(crypto, { seed: from.seed, random, an, head: previous.head, dev: DEV, epoch: previous.epoch + 1 });
  const asked = { cause: 'scheduled' as const, req, an };
  return { seed, proposal: proposeLink(crypto, { ...said, ...asked, previous, oldSeed: from.seed, newSeed: seed }) };
}
export function nextEpoch(from: Epoch, seq: number): Epoch {
  const { seed, proposal } = nextProposal(from);
  return { seed, link: sealLink(crypto, anchorSeed, proposal, place(seq)) };
}
/** That many epochs, one after the other. */
export function chainOf(length: number): Epoch[] {
  const epochs = [firstEpoch()];
  while (epochs.length < length) epochs.push(nextEpoch(epochs.at(-1) as Epoch, epochs.length));
  return epochs;
}

/** The anchor's side of one device: `ask` decides and writes, as the hub does. */
export class TestAnchor {
  ledger: LedgerEntry[];
  state: AnchorState;
  nowMs = START_MS;
  last: Decision | undefined;
  chosen: Chosen | undefined;

  constructor(links: readonly Link[]) {
    this.ledger = links.map((link) => ({ kind: 'link', link }));
    this.state = newAnchorState(viewOf(crypto, this.ledger));
  }

  ask(request: UpRequest) {
    const context: DecideContext = {
      ...{ crypto, fleet, dev: DEV, anchorPk, nowMs: this.nowMs, nonce: nonce(), graceMs: 14 * DAY_MS, settleMs: 3000 },
      chosen: this.chosen,
    };
    const decision = decide(context, this.state, request);
    this.last = decision;
    this.state = decision.state;
    for (const draft of decision.append) {
      const at = place(this.ledger.length, this.nowMs);
      this.write(sealDraft(crypto, anchorSeed, this.state.view, draft, at));
    }
    return decision.answer;
  }

  write(entry: LedgerEntry): void {
    this.ledger.push(entry);
    this.state = appended(crypto, this.state, entry);
  }

  /** What a person says of the device. */
  judge(status: 'cleared' | 'kept-out' | 'contested', voidEpochs?: [number, number]): void {
    const draft = { kind: 'verdict' as const, status, why: 'A person said so.', ...(voidEpochs && { voidEpochs }) };
    this.write(sealDraft(crypto, anchorSeed, this.state.view, draft, place(this.ledger.length, this.nowMs)));
  }

  get standing() {
    return this.state.view?.standing;
  }

  hello({ link }: Epoch, receipts?: Link[]) {
    const { head, epoch } = headPoint(viewOf(crypto, [{ kind: 'link', link }]) as never);
    return this.ask({ op: 'hello', epoch, head, ...(receipts && { receipts }) });
  }

  /** Hello, and the answer to its challenge. */
  contact(epoch: Epoch, session = nonce()) {
    const answer = this.hello(epoch);
    return answer.kind === 'challenge' ? this.prove(epoch, answer.an, session) : answer;
  }

  prove({ seed, link }: Epoch, an: string, session = nonce()) {
    const { head } = headPoint(viewOf(crypto, [{ kind: 'link', link }]) as never);
    const sig = signProof(crypto, signingSeed(crypto, seed), 'prove', { head, an, session });
    return this.ask({ op: 'prove', head, an, session, sig });
  }

  tick({ seed }: Epoch, session: string, n: number, an: string) {
    const sig = signProof(crypto, signingSeed(crypto, seed), 'tick', { session, n, an });
    return this.ask({ op: 'tick', session, n, an, sig });
  }

  prepare({ proposal }: ReturnType<typeof nextProposal>, session?: string) {
    return this.ask({ op: 'prepare', ...proposal, session });
  }
  commit({ proposal, seed }: ReturnType<typeof nextProposal>, an: string) {
    const link = linkHash(crypto, proposal);
    const sig = signProof(crypto, signingSeed(crypto, seed), 'commit', { link, an });
    return this.ask({ op: 'commit', link, an, sig });
  }
  /** Both phases, by whoever holds this epoch. */
  rotate(from: Epoch): Epoch | undefined {
    const next = nextProposal(from);
    const prepared = this.prepare(next);
    if (prepared.kind !== 'prepared' || this.commit(next, prepared.an).kind !== 'committed') return undefined;
    return { seed: next.seed, link: this.state.view?.headLink as Link };
  }
}

/** A hub that knows `length` epochs of a device. */
export function hub(length: number) {
  const epochs = chainOf(length);
  return { epochs, anchor: new TestAnchor(epochs.map(({ link }) => link)), head: epochs.at(-1) as Epoch };
}
