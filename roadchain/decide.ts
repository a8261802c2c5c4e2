/**
 * The anchor's decision on each request of a device, as a pure table (state, request) -> decision.
 *
 * Only an answer to a challenge of this anchor accuses. `hello` and `prepare` can be repeated by anybody who saw one, so they
 * never do; a device that still has a pending link sends `prepare` before it proves its older key.
 */
import { parse } from './canonical.ts';
import { checkProposed, checkSealed, isSealed, linkHash, readBody } from './chain.ts';
import type { ChainCrypto } from './crypto.ts';
import { type DeviceView, type Draft, extendView, headPoint, isVoided, type KnownLink } from './device-view.ts';
import { holderOf } from './holder.ts';
import { type LedgerEntry, type Link, LinkBody, type ProposedLink } from './link.ts';
import type { REFUSALS, UpRequest } from './messages.ts';
import { checkProof } from './proofs.ts';
import { type Contact, challenge, findChallenge, NO_CONTACT, prove, spend, tick } from './ticks.ts';

/** A link somebody with the key of the head wants to add. */
export interface Pending {
  hash: string;
  proposal: ProposedLink;
  /** Nonce a `commit` of it must sign. */
  an: string;
  /** Who proposed it, where it said so. */
  holder?: string | undefined;
}
/** A person's word on a contested device: of all that hold its key, this one is right. */
export interface Chosen {
  /** `holderOf` its session. */
  holder: string;
  /** Of the order to rotate that it was given. */
  req: string;
  by: string;
}
/** The anchor's memory of a device. Only `view` is from the ledger; losing the rest costs a new `hello`. */
export interface AnchorState {
  view: DeviceView | undefined;
  pendings: readonly Pending[];
  contact: Contact;
}
export interface DecideContext {
  crypto: ChainCrypto;
  fleet: string;
  dev: string;
  anchorPk: string;
  nowMs: number;
  /** 32 fresh bytes, base64url: used for at most one thing of the answer. */
  nonce: string;
  /** Whoever was away for longer needs a person's word. */
  graceMs: number;
  settleMs: number;
  /** As long as it has not been done. */
  chosen?: Chosen | undefined;
}

export type Refusal = (typeof REFUSALS)[number];
export type Answer =
  | { kind: 'challenge'; an: string }
  /** `narrow`: the device is contested; its credentials are for status and identity alone. */
  | { kind: 'proved'; an: string; narrow: boolean }
  | { kind: 'prepared'; link: string; an: string; settleMs: number }
  /** Without `link`: the one in `append`, once it is sealed. */
  | { kind: 'committed'; link?: Link }
  | { kind: 'ticked'; an: string }
  /** `about`: what a signed refusal answers. */
  | { kind: 'refused'; code: Refusal; about: string };
export interface Alarm {
  kind: 'stale-key' | 'two-holders' | 'fork' | 'absent' | 'proposed-again' | 'token-reuse';
  /** Of the key that was shown. */
  epoch: number;
  /** Nothing changed by it: its epoch is void, or the device is contested already. */
  noted: boolean;
}
export interface Decision {
  answer: Answer;
  /** Holds once `append` is written, with `appended` for each entry. If writing fails: forget it, read the ledger, decide again. */
  state: AnchorState;
  append: readonly Draft[];
  alarms: readonly Alarm[];
}

/** Two for a card that loses a write; more for one that does so often. The oldest goes: its device proposes it again. */
const MAX_PENDINGS = 8;

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
type Request<Op extends UpRequest['op']> = Extract<UpRequest, { op: Op }>;

const answered = (state: AnchorState, answer: Answer, append: Draft[] = [], alarms: Alarm[] = []): Decision => ({
  ...{ answer, state, append, alarms },
});
const refused = (state: AnchorState, code: Refusal, about: string): Decision => answered(state, { kind: 'refused', code, about });

/** Refuses, and makes the device contested unless it is, or the epoch of the key is void. */
function accused(
  state: AnchorState,
  view: DeviceView,
  kind: Alarm['kind'],
  epoch: number,
  code: Refusal,
  about: string,
  why: string,
) {
  const noted = view.standing !== 'active' || ((kind === 'stale-key' || kind === 'fork') && isVoided(view, epoch));
  const append: Draft[] = noted ? [] : [{ kind: 'verdict', status: 'contested', why }];
  return answered(state, { kind: 'refused', code, about }, append, [{ kind, epoch, noted }]);
}

const isAbsent = ({ nowMs, graceMs }: DecideContext, view: DeviceView) => nowMs - view.seenMs > graceMs;
const seen = ({ nowMs }: DecideContext, view: DeviceView): DeviceView => ({ ...view, seenMs: Math.max(view.seenMs, nowMs) });
const findHead = (view: DeviceView, head: string): KnownLink | undefined => view.chain.find((known) => known.head === head);
const findHash = (view: DeviceView, hash: string): KnownLink | undefined => view.chain.find((known) => known.hash === hash);

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

function decidePrepare(context: DecideContext, state: AnchorState, request: Request<'prepare'>): Decision {
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

function decideCommit(context: DecideContext, state: AnchorState, request: Request<'commit'>): Decision {
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
