/** What the ledger says of one device, folded from its entries in their order. */

import { parse } from './canonical.ts';
import { type ChainOf, type ChainPoint, linkHash, pointOf, readBody, readSeal, sealLink, sealVerdict } from './chain.ts';
import type { ChainCrypto } from './crypto.ts';
import { type LedgerEntry, type Link, type ProposedLink, type Standing, VerdictBody } from './link.ts';

/** More than a year of daily rotations. Who shows an older key is refused as unknown, without an alarm. */
const MAX_POINTS = 512;

export interface KnownLink extends ChainPoint {
  /** `linkHash` of it. */
  hash: string;
}
export interface DeviceView extends ChainOf {
  /** Oldest first; the last one is the head. Never empty. */
  chain: readonly KnownLink[];
  headLink: Link;
  standing: Standing;
  why: string;
  /** When that was said last; 0 where nothing ever was. */
  judgedMs: number;
  /** Ranges of epochs, both ends included, whose keys are known lost. */
  voided: readonly (readonly [number, number])[];
  /** When the device was last known to be there. The anchor moves it on with each proof and tick, in memory. */
  seenMs: number;
}

export const headPoint = (view: DeviceView): KnownLink => view.chain[view.chain.length - 1] as KnownLink;
export const isVoided = (view: DeviceView, epoch: number): boolean =>
  view.voided.some(([first, last]) => first <= epoch && epoch <= last);

const withoutCovered = (ranges: readonly (readonly [number, number])[]) =>
  ranges.filter(([first, last], at) => !ranges.some(([from, to], other) => other > at && from <= first && last <= to));

/** Undefined before the first link. Entries were checked when they were appended; this only folds them. */
export function extendView(crypto: ChainCrypto, view: DeviceView | undefined, entry: LedgerEntry): DeviceView | undefined {
  if (entry.kind === 'link') {
    const body = readBody(entry.link);
    const known = { ...pointOf(crypto, entry.link), hash: linkHash(crypto, entry.link) };
    const seenMs = Date.parse(readSeal(entry.link.seal).at);
    if (view && body.prev !== headPoint(view).head)
      throw new Error(
        `The ledger of ${body.dev} is broken at epoch ${body.epoch}: a link does not follow its head. Restore the ledger from a backup.`,
      );
    const chain = [...(view?.chain ?? []), known].slice(-MAX_POINTS);
    return {
      ...(view ?? { fleet: body.fleet, dev: body.dev, standing: 'active', why: '', judgedMs: 0, voided: [] }),
      ...{ chain, headLink: entry.link, seenMs: Math.max(seenMs, view?.seenMs ?? 0) },
    };
  }
  const verdict = parse(VerdictBody, entry.verdict.body);
  if (!view || !verdict) return view;
  const { status, why, voidEpochs, at } = verdict;
  const heard = status === 'cleared' || status === 'readmitted';
  return {
    ...view,
    standing: status === 'contested' || status === 'kept-out' ? status : 'active',
    why: heard ? '' : why,
    judgedMs: Date.parse(at),
    voided: voidEpochs ? withoutCovered([...view.voided, voidEpochs]) : view.voided,
    seenMs: heard ? Math.max(view.seenMs, Date.parse(at)) : view.seenMs,
  };
}

export const viewOf = (crypto: ChainCrypto, entries: readonly LedgerEntry[]): DeviceView | undefined =>
  entries.reduce<DeviceView | undefined>((view, entry) => extendView(crypto, view, entry), undefined);

/** What is to be appended to the ledger, before the anchor gave it a place and its seal. */
export type Draft =
  | { kind: 'link'; proposal: ProposedLink }
  /** A link the ledger had lost, with the seal it already has. */
  | { kind: 'receipt'; link: Link }
  /** `by`: whose word it is, where it is not of whoever appends it. */
  | { kind: 'verdict'; status: VerdictBody['status']; why: string; voidEpochs?: [number, number]; by?: string };

/** The entry of a draft, `view` being the device as it is right before it. */
export function sealDraft(
  crypto: ChainCrypto,
  anchorSeed: Uint8Array,
  view: DeviceView | undefined,
  draft: Draft,
  place: { at: string; seq: number; by?: string },
): LedgerEntry {
  if (draft.kind === 'receipt') return { kind: 'link', link: draft.link };
  if (draft.kind === 'link') return { kind: 'link', link: sealLink(crypto, anchorSeed, draft.proposal, place) };
  if (!view) throw new Error('There is no device this verdict could speak of: it has no link yet.');
  const { fleet, dev } = view;
  const { status, why, voidEpochs } = draft;
  const said = { fleet, dev, head: headPoint(view).head, status, why, by: draft.by ?? place.by ?? 'hub', at: place.at };
  return sealVerdict(crypto, anchorSeed, { ...said, ...(voidEpochs && { voidEpochs }) }, place.seq);
}
