/** The anchor's decision on a link that is proposed, and on the commit of one. */
import { parse } from './canonical.ts';
import { checkProposed, linkHash, readBody } from './chain.ts';
import {
  type Alarm,
  type AnchorState,
  accused,
  answered,
  type DecideContext,
  type Decision,
  findHash,
  findHead,
  isAbsent,
  type Refusal,
  type Request,
  refused,
  seen,
} from './decision.ts';
import { type DeviceView, type Draft, headPoint } from './device-view.ts';
import { holderOf } from './holder.ts';
import { LinkBody, type ProposedLink } from './link.ts';
import { checkProof } from './proofs.ts';

/** Two for a card that loses a write; more for one that does so often. The oldest goes: its device proposes it again. */
const MAX_PENDINGS = 8;

/** Why no link is added now. */
function barred(context: DecideContext, view: DeviceView, body: LinkBody, holder: string | undefined): Refusal | undefined {
  if (isChosen(context, view, body, holder)) return undefined;
  if (view.standing !== 'active') return view.standing;
  return isAbsent(context, view) ? 'absent' : undefined;
}
/** By name and by order: whoever else holds the key can repeat the order, but does not know the session. */
const isChosen = ({ chosen }: DecideContext, { standing }: DeviceView, { req }: LinkBody, holder: string | undefined): boolean =>
  standing === 'contested' && chosen !== undefined && chosen.holder === holder && chosen.req === req;

/** The answer to a link the ledger already has: its receipt if it is the head, otherwise it is old news. */
function repeated(state: AnchorState, view: DeviceView, hash: string): Decision | undefined {
  const known = findHash(view, hash);
  if (!known) return undefined;
  if (view.standing === 'kept-out') return refused(state, 'kept-out', hash);
  if (known !== headPoint(view)) return refused(state, 'stale', hash);
  return answered(state, { kind: 'committed', link: view.headLink });
}

export function decidePrepare(context: DecideContext, state: AnchorState, request: Request<'prepare'>): Decision {
  const { crypto, fleet, dev, nonce, settleMs } = context;
  const proposal: ProposedLink = { body: request.body, sigOld: request.sigOld, sigNew: request.sigNew };
  const hash = linkHash(crypto, proposal);
  const { view } = state;
  if (!view) return refused(state, 'unknown', hash);
  const already = repeated(state, view, hash);
  if (already) return already;
  const body = parse(LinkBody, request.body);
  if (!body) return refused(state, 'malformed', hash);
  const holder = request.session === undefined ? undefined : holderOf(crypto, request.session);
  const bar = barred(context, view, body, holder);
  if (bar) return refused(state, bar, hash);
  const prepared = (state: AnchorState, an: string, alarms: Alarm[] = []) =>
    answered(state, { kind: 'prepared', link: hash, an, settleMs }, [], alarms);
  const known = state.pendings.find((pending) => pending.hash === hash);
  const head = headPoint(view);
  if (known && body.prev === head.head) {
    if (holder === undefined || holder === known.holder) return prepared(state, known.an);
    const pendings = state.pendings.map((pending) => (pending === known ? { ...known, holder } : pending));
    return prepared({ ...state, pendings }, known.an);
  }
  const checked = checkProposed(crypto, head, proposal, { fleet, dev });
  if (!checked.ok) {
    if (checked.flaw === 'malformed') return refused(state, 'malformed', hash);
    if (checked.flaw !== 'prev') return refused(state, 'bad-proof', hash);
    return refused(state, findHead(view, body.prev) ? 'stale' : 'unknown', hash);
  }
  const rivals = state.pendings.filter((pending) => readBody(pending.proposal).prev === head.head);
  const pendings = [...state.pendings, { hash, proposal, an: nonce, ...(holder && { holder }) }].slice(-MAX_PENDINGS);
  const again: Alarm[] = rivals.length > 0 ? [{ kind: 'proposed-again', epoch: head.epoch, noted: true }] : [];
  return prepared({ ...state, pendings }, nonce, again);
}

export function decideCommit(context: DecideContext, state: AnchorState, request: Request<'commit'>): Decision {
  const { link: hash, an, sig } = request;
  const { view } = state;
  const about = an;
  if (!view) return refused(state, 'unknown', about);
  const already = repeated(state, view, hash);
  if (already) return already;
  const pending = state.pendings.find((candidate) => candidate.hash === hash);
  if (!pending) return refused(state, 'unknown', about);
  const body = readBody(pending.proposal);
  if (an !== pending.an || !checkProof(context.crypto, body.pk, 'commit', { link: hash, an }, sig))
    return refused(state, 'bad-proof', about);
  const before = findHead(view, body.prev);
  // It follows a link the ledger has lost: its receipt comes with the next `hello`.
  if (!before) return refused(state, 'unknown', about);
  if (before !== headPoint(view)) {
    const why = `Two different links were to follow epoch ${body.epoch - 1}: there is a second copy of this device.`;
    return accused(state, view, 'fork', body.epoch - 1, 'stale', about, why);
  }
  const bar = barred(context, view, body, pending.holder);
  if (bar) return refused(state, bar, about);
  const append: Draft[] = [{ kind: 'link', proposal: pending.proposal }];
  if (context.chosen && isChosen(context, view, body, pending.holder)) append.push(trustedAgain(context.chosen.by, body.epoch));
  return answered({ ...state, view: seen(context, view) }, { kind: 'committed' }, append);
}

/** After the link of whoever was chosen: all keys before it are known lost, so that the others are only noted. */
export const trustedAgain = (by: string, epoch: number): Draft => ({
  kind: 'verdict',
  status: 'cleared',
  why: 'It was chosen among those that had its key, and has its next one: all keys before it are known lost.',
  voidEpochs: [0, epoch - 1],
  by,
});
