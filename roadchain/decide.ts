/**
 * The anchor's decision on each request of a device, as a pure table (state, request) -> decision.
 *
 * Only an answer to a challenge of this anchor accuses. `hello` and `prepare` can be repeated by anybody who saw one, so they
 * never do; a device that still has a pending link sends `prepare` before it proves its older key.
 */
import { checkSealed, isSealed, linkHash, readBody } from './chain.ts';
import type { ChainCrypto } from './crypto.ts';
import { decideCommit, decidePrepare } from './decide-rotation.ts';
import {
  type AnchorState,
  accused,
  answered,
  type DecideContext,
  type Decision,
  findHash,
  findHead,
  isAbsent,
  type Request,
  refused,
  seen,
} from './decision.ts';
import { type DeviceView, type Draft, extendView, headPoint } from './device-view.ts';
import type { LedgerEntry, Link } from './link.ts';
import type { UpRequest } from './messages.ts';
import { checkProof } from './proofs.ts';
import { challenge, findChallenge, NO_CONTACT, prove, spend, tick } from './ticks.ts';

export type { Alarm, AnchorState, Answer, Chosen, DecideContext, Decision, Pending, Refusal } from './decision.ts';

export const newAnchorState = (view: DeviceView | undefined): AnchorState => ({ view, pendings: [], contact: NO_CONTACT });

/** The state after any entry was written to the ledger, a person's verdict included. */
export function appended(crypto: ChainCrypto, state: AnchorState, entry: LedgerEntry): AnchorState {
  const view = extendView(crypto, state.view, entry);
  if (entry.kind === 'verdict') {
    // Whoever was superseded before a person's word starts anew with everybody else.
    const settled = view?.standing === 'active';
    return { ...state, view, contact: settled ? NO_CONTACT : state.contact };
  }
  // What competed with this link is kept until the next one: a commit of it gives its sender away.
  const { prev } = readBody(entry.link);
  const heads = [prev, view && headPoint(view).head];
  const pendings = state.pendings.filter(({ proposal }) => heads.includes(readBody(proposal).prev));
  return { ...state, view, pendings };
}

export function decide(context: DecideContext, state: AnchorState, request: UpRequest): Decision {
  switch (request.op) {
    case 'hello':
      return decideHello(context, state, request);
    case 'prove':
      return decideProve(context, state, request);
    case 'prepare':
      return decidePrepare(context, state, request);
    case 'commit':
      return decideCommit(context, state, request);
    case 'tick':
      return decideTick(context, state, request);
  }
}

function decideHello(context: DecideContext, state: AnchorState, request: Request<'hello'>): Decision {
  const about = request.head;
  if (state.view?.standing === 'kept-out') return refused(state, 'kept-out', about);
  const { view, append, fork } = heal(context, state, request.receipts ?? []);
  if (view && fork !== undefined) {
    const why = `Two different links of epoch ${fork} bear the seal of this hub.`;
    return accused(state, view, 'fork', fork, 'contested', about, why);
  }
  if (!view) return refused(state, 'unknown', about);
  if (findHead(view, about)) {
    const contact = challenge(state.contact, { an: context.nonce, head: headPoint(view).head });
    return answered({ ...state, contact }, { kind: 'challenge', an: context.nonce }, append);
  }
  // The link of the head, sealed a second time after the ledger had lost it: the device takes over the seal that counts.
  const newest = request.receipts?.at(-1);
  if (newest && linkHash(context.crypto, newest) === headPoint(view).hash)
    return answered(state, { kind: 'committed', link: view.headLink }, append);
  return answered(state, { kind: 'refused', code: 'unknown', about }, append);
}

/** The links of the device that the ledger lost, or two that our own seal makes contradict each other. */
function heal({ crypto, anchorPk, fleet, dev }: DecideContext, state: AnchorState, receipts: readonly Link[]) {
  let view = state.view;
  const append: Draft[] = [];
  for (const link of receipts) {
    const known = view && findHash(view, linkHash(crypto, link));
    if (known) continue;
    const checked = checkSealed(crypto, anchorPk, view && headPoint(view), link, { fleet, dev });
    if (checked.ok) {
      append.push({ kind: 'receipt', link });
      view = extendView(crypto, view, { kind: 'link', link });
    } else if (view && isSealed(crypto, anchorPk, link)) {
      const body = readSealedBody(link);
      const ours = view.chain.find(({ epoch }) => epoch === body?.epoch);
      if (body && ours && body.dev === dev && body.fleet === fleet) return { view: state.view, append: [], fork: body.epoch };
    }
  }
  return { view, append, fork: undefined };
}
function readSealedBody(link: Link) {
  try {
    return readBody(link);
  } catch {
    return undefined;
  }
}

function decideProve(context: DecideContext, state: AnchorState, request: Request<'prove'>): Decision {
  const { view, contact } = state;
  const { head, an, session, sig } = request;
  const point = view && findHead(view, head);
  if (!view || !point) return refused(state, 'unknown', an);
  const asked = findChallenge(contact, an);
  if (!asked || !checkProof(context.crypto, point.pk, 'prove', { head, an, session }, sig))
    return refused(state, 'bad-proof', an);
  const spent = { ...state, contact: spend(contact, an) };
  if (view.standing === 'kept-out') return refused(spent, 'kept-out', an);
  if (point !== headPoint(view)) {
    // Asked before the head moved: whoever answers now was only slow.
    if (asked.head !== headPoint(view).head) return refused(spent, 'stale', an);
    const why = `A key of epoch ${point.epoch} was shown, which ended when epoch ${point.epoch + 1} began: there is a second copy of this device.`;
    return accused(spent, view, 'stale-key', point.epoch, 'stale', an, why);
  }
  if (isAbsent(context, view)) {
    const why = 'It was away for longer than this fleet allows without a person confirming it.';
    return accused(spent, view, 'absent', point.epoch, 'absent', an, why);
  }
  const narrow = view.standing === 'contested';
  const proved = prove(contact, { an, session, next: context.nonce, open: narrow });
  if (proved.kind === 'two-holders') {
    const why = 'Two agents answer with the same key at the same time: there is a second copy of this device.';
    return accused({ ...state, contact: proved.contact }, view, 'two-holders', point.epoch, 'contested', an, why);
  }
  return answered(
    { ...state, view: seen(context, view), contact: proved.contact },
    { kind: 'proved', an: context.nonce, narrow },
  );
}

function decideTick(context: DecideContext, state: AnchorState, request: Request<'tick'>): Decision {
  const { session, n, an, sig } = request;
  const { view } = state;
  const about = an;
  if (!view) return refused(state, 'unknown', about);
  if (view.standing === 'kept-out') return refused(state, 'kept-out', about);
  if (!checkProof(context.crypto, headPoint(view).pk, 'tick', { session, n, an }, sig)) return refused(state, 'bad-proof', about);
  if (isAbsent(context, view)) return refused(state, 'absent', about);
  const ticked = tick(state.contact, { session, n, an, next: context.nonce });
  if (ticked.kind === 'other-session' || ticked.kind === 'unasked') return refused(state, 'bad-proof', about);
  const next = ticked.contact.awaited?.an ?? context.nonce;
  return answered({ ...state, view: seen(context, view), contact: ticked.contact }, { kind: 'ticked', an: next });
}
