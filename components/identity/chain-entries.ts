/** The entries of a device's chain as the page tells them. Pure; whether they are true is the business of `use-verified-history`. */
import { type Cause, LedgerEntry, LinkBody, SealBody, VerdictBody } from '#roadchain/link.ts';

export interface ChainEntry {
  seq: number;
  /** By the hub's clock. */
  at: string;
  what: Cause | VerdictBody['status'];
  /** Present at a link. */
  epoch?: number;
  /** First bytes of the key of this epoch, in hex. */
  fingerprint?: string;
  why?: string;
  by?: string;
}

export const ENTRY_WORDS: Readonly<Record<ChainEntry['what'], string>> = {
  genesis: 'joined',
  scheduled: 'renewed',
  anchor: 'renewed',
  operator: 'renewed on request',
  readmit: 'taken back',
  contested: 'identity check failed',
  'kept-out': 'kept out',
  readmitted: 'allowed back',
  cleared: 'trusted again',
};

/** undefined: no entry that this page can read. */
export function readEntry(seq: number, raw: unknown): ChainEntry | undefined {
  const entry = LedgerEntry.safeParse(raw).data;
  if (!entry) return undefined;
  if (entry.kind === 'verdict') {
    const verdict = parsed(VerdictBody, entry.verdict.body);
    return verdict && { seq, at: verdict.at, what: verdict.status, why: verdict.why, by: verdict.by };
  }
  const body = parsed(LinkBody, entry.link.body);
  const seal = parsed(SealBody, entry.link.seal.body);
  return body && seal && { seq, at: seal.at, what: body.cause, epoch: body.epoch, fingerprint: fingerprintOf(body.pk) };
}

/** `3f0a 91c2 77de 0b14` of a key in base64url. */
export function fingerprintOf(key: string): string {
  const bytes = Array.from(atob(key.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0));
  const hex = bytes.slice(0, 8).map((byte) => byte.toString(16).padStart(2, '0'));
  return [0, 2, 4, 6].map((from) => hex.slice(from, from + 2).join('')).join(' ');
}

export interface ChainSummary {
  since: string | undefined;
  renewals: number;
}

/** How long the chain has held: from the last joining or taking back. */
export function summarize(entries: readonly ChainEntry[]): ChainSummary {
  const from = entries.findLastIndex(({ what }) => what === 'genesis' || what === 'readmit');
  const held = entries.slice(Math.max(0, from));
  return {
    since: from >= 0 ? held[0]?.at : undefined,
    renewals: held.filter(({ what }) => what === 'scheduled' || what === 'anchor' || what === 'operator').length,
  };
}

function parsed<T>(schema: { safeParse(value: unknown): { data?: T | undefined } }, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
