/** Links and verdicts: making, sealing and checking them. Nothing here looks at a clock or keeps anything. */
import { concat, fromBase64url, toBase64url, utf8 } from './bytes.ts';
import { encode, parse } from './canonical.ts';
import type { ChainCrypto } from './crypto.ts';
import { type Cause, type LedgerEntry, type Link, LinkBody, type ProposedLink, SealBody, VerdictBody } from './link.ts';
import { publicKeysOf, signingSeed } from './seeds.ts';

/** A place in a chain: what the next link is checked against. */
export interface ChainPoint {
  head: string;
  epoch: number;
  pk: string;
}
/** What is wrong with a link or a verdict. */
export type Flaw =
  | 'malformed'
  | 'fleet'
  | 'device'
  | 'epoch'
  | 'prev'
  | 'cause'
  | 'key'
  | 'old-signature'
  | 'new-signature'
  | 'seal';
export type Checked<T> = { ok: true; value: T } | { ok: false; flaw: Flaw };
const flawed = (flaw: Flaw): { ok: false; flaw: Flaw } => ({ ok: false, flaw });

/** SHA-256 of the first key of the anchor. */
export const fleetOf = (crypto: ChainCrypto, anchorPk: string): string => toBase64url(crypto.sha256(fromBase64url(anchorPk)));

const linkMessage = (body: string) => utf8(`roadchain/v1/link\0${body}`);
const sealMessage = (body: string) => utf8(`roadchain/v1/seal\0${body}`);

/** False also where key or signature are no base64url at all. */
export function verifies(crypto: Pick<ChainCrypto, 'verify'>, pk: string, message: Uint8Array, sig: string): boolean {
  try {
    return crypto.verify(fromBase64url(pk), message, fromBase64url(sig));
  } catch {
    return false;
  }
}
const signed = (crypto: ChainCrypto, seed: Uint8Array, message: Uint8Array): string =>
  toBase64url(crypto.sign(signingSeed(crypto, seed), message));

interface Proposer {
  fleet: string;
  dev: string;
  agent: string;
  /** ISO time of the device's clock. */
  at: string;
}

/** The first link of a device; or, with `after`, the link by which a device that is taken back goes on. */
export function proposeGenesis(
  crypto: ChainCrypto,
  from: Proposer & { seed: Uint8Array; tid: string; after?: { head: string; epoch: number } | undefined },
): ProposedLink {
  const body = encode({
    ...{ v: 1, typ: 'rc.link', fleet: from.fleet, dev: from.dev, agent: from.agent, at: from.at, req: from.tid, an: '' },
    ...(from.after
      ? { epoch: from.after.epoch + 1, prev: from.after.head, cause: 'readmit' }
      : { epoch: 0, prev: '', cause: 'genesis' }),
    ...publicKeysOf(crypto, from.seed),
  });
  return { body, sigOld: '', sigNew: signed(crypto, from.seed, linkMessage(body)) };
}

/** The link from the epoch of `oldSeed` to the one of `newSeed`. */
export function proposeLink(
  crypto: ChainCrypto,
  from: Proposer & {
    previous: { head: string; epoch: number };
    oldSeed: Uint8Array;
    newSeed: Uint8Array;
    cause: Exclude<Cause, 'genesis' | 'readmit'>;
    req: string;
    an: string;
  },
): ProposedLink {
  const { fleet, dev, agent, at, cause, req, an } = from;
  const body = encode({
    ...{ v: 1, typ: 'rc.link', fleet, dev, agent, at, cause, req, an },
    ...{ epoch: from.previous.epoch + 1, prev: from.previous.head },
    ...publicKeysOf(crypto, from.newSeed),
  });
  return {
    body,
    sigOld: signed(crypto, from.oldSeed, linkMessage(body)),
    sigNew: signed(crypto, from.newSeed, linkMessage(body)),
  };
}

/** What `prepared` and `commit` call a link by, and what its seal covers. */
export const linkHash = (crypto: ChainCrypto, link: ProposedLink): string =>
  toBase64url(crypto.sha256(utf8(link.body + link.sigOld + link.sigNew)));

export const headOf = (crypto: ChainCrypto, link: Link): string =>
  toBase64url(
    crypto.sha256(
      concat(utf8('roadchain/v1/head\0'), fromBase64url(linkHash(crypto, link)), utf8(link.seal.body + link.seal.sig)),
    ),
  );

export const pointOf = (crypto: ChainCrypto, link: Link): ChainPoint => {
  const { epoch, pk } = readBody(link);
  return { head: headOf(crypto, link), epoch, pk };
};

/** Body of a link that was checked before; throws at another. */
export function readBody(link: Pick<ProposedLink, 'body'>): LinkBody {
  const body = parse(LinkBody, link.body);
  if (!body)
    throw new Error('The body of this link is not in its canonical form. It cannot be trusted: ask the anchor for it again.');
  return body;
}
/** Body of a seal that was checked before; throws at another. */
export function readSeal(seal: Link['seal']): SealBody {
  const body = parse(SealBody, seal.body);
  if (!body) throw new Error('This seal is not in its canonical form. It cannot be trusted: ask the anchor for it again.');
  return body;
}

export interface ChainOf {
  fleet: string;
  dev: string;
}

/** Whether a link without seal is the next one after `previous` (none: the first one). `readmit` allows one without the old key. */
export function checkProposed(
  crypto: ChainCrypto,
  previous: ChainPoint | undefined,
  link: ProposedLink,
  of: ChainOf & { readmit?: boolean },
): Checked<LinkBody> {
  const body = parse(LinkBody, link.body);
  if (!body) return flawed('malformed');
  if (body.fleet !== of.fleet) return flawed('fleet');
  if (body.dev !== of.dev) return flawed('device');
  if (body.prev !== (previous?.head ?? '')) return flawed('prev');
  if (body.epoch !== (previous ? previous.epoch + 1 : 0)) return flawed('epoch');
  const alone = body.cause === 'genesis' || body.cause === 'readmit';
  if ((body.cause === 'genesis') !== !previous || (body.cause === 'readmit' && !of.readmit)) return flawed('cause');
  if (body.pk === previous?.pk) return flawed('key');
  const message = linkMessage(link.body);
  if (alone ? link.sigOld !== '' : !previous || !verifies(crypto, previous.pk, message, link.sigOld))
    return flawed('old-signature');
  return verifies(crypto, body.pk, message, link.sigNew) ? { ok: true, value: body } : flawed('new-signature');
}

function makeSeal(
  crypto: ChainCrypto,
  anchorSeed: Uint8Array,
  link: string,
  { at, seq }: { at: string; seq: number },
): Link['seal'] {
  const body = encode({ v: 1, typ: 'rc.seal', link, at, seq });
  return { body, sig: toBase64url(crypto.sign(anchorSeed, sealMessage(body))) };
}
function sealHolds(crypto: ChainCrypto, anchorPk: string, link: string, seal: Link['seal']): boolean {
  return parse(SealBody, seal.body)?.link === link && verifies(crypto, anchorPk, sealMessage(seal.body), seal.sig);
}

/** The anchor's word on a link it has checked; `anchorSeed` is the raw seed of its key. */
export const sealLink = (
  crypto: ChainCrypto,
  anchorSeed: Uint8Array,
  link: ProposedLink,
  place: { at: string; seq: number },
): Link => ({
  body: link.body,
  sigOld: link.sigOld,
  sigNew: link.sigNew,
  seal: makeSeal(crypto, anchorSeed, linkHash(crypto, link), place),
});

/** Whether the anchor sealed exactly this link, whatever comes before it. */
export const isSealed = (crypto: ChainCrypto, anchorPk: string, link: Link): boolean =>
  sealHolds(crypto, anchorPk, linkHash(crypto, link), link.seal);

/** Whether a sealed link is the next one after `previous`. The anchor answers for a re-admission: its seal is enough. */
export function checkSealed(
  crypto: ChainCrypto,
  anchorPk: string,
  previous: ChainPoint | undefined,
  link: Link,
  of: ChainOf,
): Checked<LinkBody> {
  const proposed = checkProposed(crypto, previous, link, { ...of, readmit: true });
  return proposed.ok && !isSealed(crypto, anchorPk, link) ? flawed('seal') : proposed;
}

export type VerdictEntry = Extract<LedgerEntry, { kind: 'verdict' }>;

export function sealVerdict(
  crypto: ChainCrypto,
  anchorSeed: Uint8Array,
  verdict: Omit<VerdictBody, 'v' | 'typ'>,
  seq: number,
): VerdictEntry {
  const { voidEpochs, ...rest } = verdict;
  const body = encode({ v: 1, typ: 'rc.verdict', ...rest, ...(voidEpochs && { voidEpochs }) });
  const hash = toBase64url(crypto.sha256(utf8(body)));
  return { kind: 'verdict', verdict: { body, seal: makeSeal(crypto, anchorSeed, hash, { at: verdict.at, seq }) } };
}

export function checkVerdict(
  crypto: ChainCrypto,
  anchorPk: string,
  { verdict }: VerdictEntry,
  of: ChainOf,
): Checked<VerdictBody> {
  const body = parse(VerdictBody, verdict.body);
  if (!body) return flawed('malformed');
  if (body.fleet !== of.fleet) return flawed('fleet');
  if (body.dev !== of.dev) return flawed('device');
  const hash = toBase64url(crypto.sha256(utf8(verdict.body)));
  return sealHolds(crypto, anchorPk, hash, verdict.seal) ? { ok: true, value: body } : flawed('seal');
}
