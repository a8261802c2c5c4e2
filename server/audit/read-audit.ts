/** The record as it is asked for: newest first by page, or all of it from the oldest on. */
import type * as z from 'zod';
import type { AuditLine, AuditPage } from '#contracts/api-identity.ts';
import type { AuditQuery } from '#contracts/api-people.ts';
import type { Context, Hub } from '../hub.ts';
import { learnAuditHead } from './audit-head.ts';
import { audited } from './audited.ts';

export type AuditFilter = Omit<z.infer<typeof AuditQuery>, 'limit' | 'before'>;

const RENEWAL = 'nats-credentials.mint';
const WINDOW = 1_000;
/** Looked through for one page: a rare word in a long record is asked for again, from where it stopped. */
const MOST_WINDOWS = 20;

export async function readAudit({
  ctx: { hub },
  input: { limit, before, ...filter },
}: {
  ctx: Context;
  input: z.infer<typeof AuditQuery>;
}): Promise<AuditPage> {
  await learnAuditHead(hub);
  const { first, last } = await hub.audit.bounds();
  const found: AuditLine[] = [];
  let intact = true;
  let to = Math.min(last, (before ?? Number.POSITIVE_INFINITY) - 1);
  for (let windows = 0; to >= first && to > 0 && windows < MOST_WINDOWS && found.length < limit; windows++) {
    const from = Math.max(first, to - WINDOW + 1);
    const window = await hub.audit.read(from, to);
    intact &&= window.intact;
    for (const line of window.lines.reverse()) if (found.length < limit && matches(filter, line)) found.push(line);
    const oldest = window.lines.at(-1);
    to = from - 1;
    if (filter.since && oldest && oldest.at < filter.since) to = 0;
  }
  const next = found.length === limit ? found.at(-1)!.seq : to + 1;
  const more = (found.length === limit || to >= first) && next > first;
  return { lines: found, ...(more ? { before: next } : {}), intact };
}

/** Oldest first, one part at a time: as fast as it is taken. */
export const exportAudit = audited<AuditFilter, AsyncGenerator<AuditLine[]>>(
  'audit.export',
  () => 'audit',
  async ({ ctx: { hub }, input }) => parts(hub, { ...input, all: true }),
);

async function* parts(hub: Hub, filter: AuditFilter): AsyncGenerator<AuditLine[]> {
  const { first, last } = await hub.audit.bounds();
  for (let from = Math.max(1, first); from <= last; from += WINDOW)
    yield (await hub.audit.read(from, Math.min(last, from + WINDOW - 1))).lines.filter((line) => matches(filter, line));
}

function matches({ user, action, target, result, since, until, all }: AuditFilter, line: AuditLine): boolean {
  if (!all && action === undefined && line.action === RENEWAL && line.result === 'ok') return false;
  return (
    // Whoever signs in is nobody yet, and named by what it is about.
    (user === undefined || line.user === user || (line.via === 'none' && line.target === user)) &&
    (action === undefined || line.action === action || line.action.startsWith(`${action}.`)) &&
    (target === undefined || line.target.toLowerCase().includes(target.toLowerCase())) &&
    (result === undefined || (result === 'refused' ? line.result !== 'ok' : line.result === result)) &&
    (since === undefined || line.at >= since) &&
    (until === undefined || line.at <= until)
  );
}
