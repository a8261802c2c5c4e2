/** A device's chain, checked by whoever looks at it: nothing the hub says is taken on its word but its public key. */
import { fromBase64url } from './bytes.ts';
import { type ChainPoint, checkSealed, checkVerdict, type Flaw, fleetOf, isSealed, pointOf, readBody } from './chain.ts';
import { readCheckpoint, type SignedCheckpoint } from './checkpoint.ts';
import type { ChainCrypto } from './crypto.ts';
import { LedgerEntry } from './link.ts';
import { leafOf, provesConsistency, provesInclusion } from './merkle.ts';

export interface History {
  /** Public key of the anchor. */
  anchor: string;
  device: string;
  /** Oldest first, with their places in the ledger. */
  entries: readonly { seq: number; entry: unknown }[];
  checkpoint: SignedCheckpoint;
  /** From the size of `pinned`. */
  consistency: readonly string[];
  inclusion: readonly { seq: number; proof: readonly string[] }[];
}
/** What this browser saw last; kept by it, and never made smaller. */
export interface Pinned {
  fleet: string;
  size: number;
  root: string;
}
export type HistoryFlaw =
  | Flaw
  | 'checkpoint'
  | 'other-fleet'
  /** The ledger is shorter than what was seen before. */
  | 'shrunk'
  /** The ledger is not a continuation of what was seen before. */
  | 'rewritten'
  | 'not-included'
  | 'order'
  | 'signature';
export type Verified =
  /** Checked to ledger entry `size`. `whole`: from the first link of the device on. */
  { ok: true; size: number; whole: boolean; epoch: number; pin: Pinned } | { ok: false; flaw: HistoryFlaw; seq?: number };

/** Checks a signature; may take its time, as the browser's own cryptography does. */
export type Verify = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => Promise<boolean>;

export async function verifyHistory(
  sha256: ChainCrypto['sha256'],
  verify: Verify,
  history: History,
  pinned?: Pinned,
): Promise<Verified> {
  const claims: { seq?: number; args: Parameters<Verify> }[] = [];
  let seq: number | undefined;
  // The checks themselves are those of the hub and the devices; their signatures are collected here and checked below.
  const collecting = collector(sha256, (...args) => claims.push({ ...(seq !== undefined && { seq }), args }));
  const checked = checkStructure(collecting, history, pinned, (at) => {
    seq = at;
  });
  if (!checked.ok) return checked;
  const results = await Promise.all(claims.map(({ args }) => verify(...args)));
  const bad = claims.find((_, at) => !results[at]);
  return bad ? { ok: false, flaw: 'signature', ...(bad.seq !== undefined && { seq: bad.seq }) } : checked;
}

function collector(sha256: ChainCrypto['sha256'], collect: (...claim: Parameters<Verify>) => void): ChainCrypto {
  const no = () => {
    throw new Error('Looking at a history makes no keys and no signatures.');
  };
  const verify: ChainCrypto['verify'] = (...claim) => {
    collect(...claim);
    return true;
  };
  return { sha256, verify, hmacSha256: no, hkdf: no, random: no, publicKey: no, sign: no, sealingKey: no };
}

function checkStructure(crypto: ChainCrypto, history: History, pinned: Pinned | undefined, at: (seq: number) => void): Verified {
  const { anchor, device: dev, entries, consistency } = history;
  const fleet = fleetOf(crypto, anchor);
  const checkpoint = readCheckpoint(crypto, { anchorPk: anchor, fleet }, history.checkpoint);
  if (!checkpoint) return { ok: false, flaw: 'checkpoint' };
  if (pinned && pinned.fleet !== fleet) return { ok: false, flaw: 'other-fleet' };
  const { size } = checkpoint;
  if (pinned && size < pinned.size) return { ok: false, flaw: 'shrunk' };
  const root = decode(checkpoint.root);
  const oldRoot = pinned && decode(pinned.root);
  const proof = decodeAll(consistency);
  if (!root || !proof || (pinned && !oldRoot)) return { ok: false, flaw: 'malformed' };
  if (pinned && oldRoot && !provesConsistency(crypto.sha256, { from: pinned.size, size, oldRoot, root, proof }))
    return { ok: false, flaw: 'rewritten' };

  let point: ChainPoint | undefined;
  let whole = false;
  let before = -1;
  for (const { seq, entry: unread } of entries) {
    at(seq);
    const parsed = LedgerEntry.safeParse(unread);
    if (!parsed.success) return { ok: false, flaw: 'malformed', seq };
    const entry = parsed.data;
    if (seq <= before) return { ok: false, flaw: 'order', seq };
    before = seq;
    const path = decodeAll(history.inclusion.find((proved) => proved.seq === seq)?.proof);
    const leaf = leafOf(crypto.sha256, entry);
    if (!path || !provesInclusion(crypto.sha256, { index: seq, size, leaf, root, proof: path }))
      return { ok: false, flaw: 'not-included', seq };
    if (entry.kind === 'verdict') {
      const verdict = checkVerdict(crypto, anchor, entry, { fleet, dev });
      if (!verdict.ok) return { ok: false, flaw: verdict.flaw, seq };
      // What it speaks of must be what the chain was; where older entries are not shown, that cannot be seen.
      if (point && verdict.value.head !== point.head) return { ok: false, flaw: 'prev', seq };
      continue;
    }
    const flaw = point ? undefined : checkFirst(crypto, anchor, entry.link, { fleet, dev });
    if (flaw) return { ok: false, flaw, seq };
    const first = !point && readBody(entry.link).epoch > 0;
    const checked = first ? undefined : checkSealed(crypto, anchor, point, entry.link, { fleet, dev });
    if (checked && !checked.ok) return { ok: false, flaw: checked.flaw, seq };
    whole ||= !point && !first;
    point = pointOf(crypto, entry.link);
  }
  return { ok: true, size, whole, epoch: point?.epoch ?? -1, pin: { fleet, size, root: checkpoint.root } };
}

/** The oldest link that is shown, where it is not the first of the device: the anchor's seal is all there is to check. */
function checkFirst(
  crypto: ChainCrypto,
  anchor: string,
  link: Extract<LedgerEntry, { kind: 'link' }>['link'],
  of: { fleet: string; dev: string },
): Flaw | undefined {
  try {
    const body = readBody(link);
    if (body.fleet !== of.fleet) return 'fleet';
    if (body.dev !== of.dev) return 'device';
    return isSealed(crypto, anchor, link) ? undefined : 'seal';
  } catch {
    return 'malformed';
  }
}

function decode(text: string): Uint8Array | undefined {
  try {
    return fromBase64url(text);
  } catch {
    return undefined;
  }
}
function decodeAll(texts: readonly string[] | undefined): Uint8Array[] | undefined {
  const all = texts?.map(decode);
  return all?.every((bytes) => bytes !== undefined) ? all : undefined;
}
