/** What a decision of the anchor on a request of a device is made of. */
import type { ChainCrypto } from './crypto.ts';
import { type DeviceView, type Draft, isVoided, type KnownLink } from './device-view.ts';
import type { Link, ProposedLink } from './link.ts';
import type { REFUSALS, UpRequest } from './messages.ts';
import type { Contact } from './ticks.ts';

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

export type Request<Op extends UpRequest['op']> = Extract<UpRequest, { op: Op }>;

export const answered = (state: AnchorState, answer: Answer, append: Draft[] = [], alarms: Alarm[] = []): Decision => ({
  ...{ answer, state, append, alarms },
});
export const refused = (state: AnchorState, code: Refusal, about: string): Decision =>
  answered(state, { kind: 'refused', code, about });

/** Refuses, and makes the device contested unless it is, or the epoch of the key is void. */
export function accused(
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

export const isAbsent = ({ nowMs, graceMs }: DecideContext, view: DeviceView) => nowMs - view.seenMs > graceMs;
export const seen = ({ nowMs }: DecideContext, view: DeviceView): DeviceView => ({
  ...view,
  seenMs: Math.max(view.seenMs, nowMs),
});
export const findHead = (view: DeviceView, head: string): KnownLink | undefined =>
  view.chain.find((known) => known.head === head);
export const findHash = (view: DeviceView, hash: string): KnownLink | undefined =>
  view.chain.find((known) => known.hash === hash);
