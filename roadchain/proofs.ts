/** What is signed besides links: each message has a name of its own in front, so that no signature means two things. */
import { equal, fromBase64url, toBase64url, utf8 } from './bytes.ts';
import { type Canonical, encode } from './canonical.ts';
import { verifies } from './chain.ts';
import type { ChainCrypto } from './crypto.ts';
import type { Cause } from './link.ts';
import { MATCH_WORDS } from './match-words.ts';
import type { EnrolAnswer, Reach } from './messages.ts';

/** No part can hold a NUL: they are base64url, numbers, names and ids. */
const message = (kind: string, ...parts: (string | number)[]) => utf8(`roadchain/v1/${kind}\0${parts.join('\0')}`);

export interface Prove {
  head: string;
  an: string;
  session: string;
}
export interface Commit {
  link: string;
  an: string;
}
export interface Tick {
  session: string;
  n: number;
  an: string;
}
export interface RotateOrder {
  dev: string;
  req: string;
  an: string;
  cause: Cause;
}
export interface OfferedUpdate {
  dev: string;
  /** Of this start of the agent: what is kept of an offer opens nothing later. */
  session: string;
  from: string;
  version: string;
  sha256: string;
  sizeBytes: number;
  rollout: number;
}
type Enrolled = Omit<Extract<EnrolAnswer, { state: 'enrolled' }>, 'sig'>;

const MESSAGES = {
  prove: ({ head, an, session }: Prove) => message('prove', head, an, session),
  commit: ({ link, an }: Commit) => message('commit', link, an),
  tick: ({ session, n, an }: Tick) => message('tick', session, n, an),
  rotate: ({ dev, req, an, cause }: RotateOrder) => message('rotate', dev, req, an, cause),
  update: ({ dev, session, from, version, sha256, sizeBytes, rollout }: OfferedUpdate) =>
    message('update', dev, session, from, version, sha256, sizeBytes, rollout),
  /** `about`: the nonce or the head it answers. */
  refused: ({ code, about }: { code: string; about: string }) => message('refused', code, about),
};
type Proofs = { [Kind in keyof typeof MESSAGES]: Parameters<(typeof MESSAGES)[Kind]>[0] };

/** `signing` is the seed of the key itself: `signingSeed(crypto, seed)` of a device, or the anchor's. */
export const signProof = <Kind extends keyof Proofs>(
  crypto: ChainCrypto,
  signing: Uint8Array,
  kind: Kind,
  proof: Proofs[Kind],
): string => toBase64url(crypto.sign(signing, (MESSAGES[kind] as (proof: Proofs[Kind]) => Uint8Array)(proof)));

export const checkProof = <Kind extends keyof Proofs>(
  crypto: ChainCrypto,
  pk: string,
  kind: Kind,
  proof: Proofs[Kind],
  sig: string,
): boolean => verifies(crypto, pk, (MESSAGES[kind] as (proof: Proofs[Kind]) => Uint8Array)(proof), sig);

const enrolledMessage = (crypto: ChainCrypto, answer: Enrolled) => {
  // Through JSON, as it travels: members that are undefined are not there.
  const rest = JSON.parse(JSON.stringify({ ...answer, sig: undefined })) as Canonical;
  return message('enrolled', toBase64url(crypto.sha256(utf8(encode(rest)))));
};
export const signEnrolled = (crypto: ChainCrypto, anchorSeed: Uint8Array, answer: Enrolled): string =>
  toBase64url(crypto.sign(anchorSeed, enrolledMessage(crypto, answer)));
/** A device believes only the anchor whose key came with its token (S20). */
export const checkEnrolled = (crypto: ChainCrypto, anchorPk: string, answer: Enrolled & { sig: string }): boolean =>
  verifies(crypto, anchorPk, enrolledMessage(crypto, answer), answer.sig);

const reachMessage = (crypto: ChainCrypto, { dev, an }: { dev: string; an: string }, { urls, ca }: Reach) =>
  message('reach', dev, an, toBase64url(crypto.sha256(utf8(encode(ca === undefined ? { urls } : { urls, ca })))));
/** `an`: the nonce that the device answered, so that no old address is said again by somebody else. */
export const signReach = (
  crypto: ChainCrypto,
  anchorSeed: Uint8Array,
  asked: { dev: string; an: string },
  reach: Reach,
): string => toBase64url(crypto.sign(anchorSeed, reachMessage(crypto, asked, reach)));
export const checkReach = (
  crypto: ChainCrypto,
  anchorPk: string,
  asked: { dev: string; an: string },
  { sig, ...reach }: Reach & { sig: string },
): boolean => verifies(crypto, anchorPk, reachMessage(crypto, asked, reach), sig);

/** What the hub keeps of a join token's secret: the key of the mac, and no more than that. */
export const tokenKey = (crypto: ChainCrypto, secret: string): Uint8Array => crypto.sha256(fromBase64url(secret));
export const enrolMac = (crypto: ChainCrypto, key: Uint8Array, body: string): string =>
  toBase64url(crypto.hmacSha256(key, message('enrol', body)));
export function checkEnrolMac(crypto: ChainCrypto, key: Uint8Array, body: string, mac: string): boolean {
  try {
    return equal(fromBase64url(enrolMac(crypto, key, body)), fromBase64url(mac));
  } catch {
    return false;
  }
}

/** Makes finding a body with the words of another cost 2^46 hashes: four words alone would be 2^32. */
const STRETCH = 1 << 14;
/** Four words of the first body of a device: the same on its console and in the page. */
export function matchWords(crypto: ChainCrypto, body: string): string {
  let digest = crypto.sha256(message('words', body));
  for (let round = 1; round < STRETCH; round++) digest = crypto.sha256(digest);
  return Array.from(digest.subarray(0, 4), (byte) => MATCH_WORDS[byte]).join(' ');
}
