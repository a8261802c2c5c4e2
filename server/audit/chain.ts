/**
 * The record of who did what as a chain: each line carries the digest of the one before, so that none is changed or taken out unseen.
 * Lines from before there was a chain have none; from the first that has one, every line must. Pure.
 */
import { createHash } from 'node:crypto';
import { AuditLine } from '#contracts/api-identity.ts';

/** As the stream keeps it: the exact text is what is digested. */
export interface StoredLine {
  seq: number;
  text: string;
}

export const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** undefined: this is no line of the record. */
export function readLine({ seq, text }: StoredLine): AuditLine | undefined {
  try {
    const line = AuditLine.safeParse({ ...(JSON.parse(text) as object), seq });
    return line.success ? line.data : undefined;
  } catch {
    return undefined;
  }
}

/** Whether `line` follows `before`; `before` is undefined for the first line that is there at all. */
export function follows(before: StoredLine | undefined, line: StoredLine): boolean {
  const read = readLine(line);
  if (!read) return false;
  if (!before) return read.prev === undefined && line.seq === 1;
  if (before.seq !== line.seq - 1) return false;
  if (read.prev === undefined) return readLine(before)?.prev === undefined && readLine(before) !== undefined;
  return read.prev === digestOf(before.text);
}
