/** Marks between stored lines: how far each container was read when everything before the mark was written. Pure. */

/** Inside of a line's text its quotes would be escaped, so what looks like a mark is one. */
const MARK = '{"@":';
const NEWLINE = 0x0a;

export const encodeMark = (marks: ReadonlyMap<string, string>): Buffer =>
  Buffer.from(`${MARK}${JSON.stringify(Object.fromEntries(marks))}}\n`);

/** Where the last whole mark ends: everything before it was written to its end. */
export function endOfLastMark(bytes: Buffer): number {
  for (let at = bytes.lastIndexOf(MARK); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(MARK, at - 1)) {
    const end = bytes.indexOf(NEWLINE, at);
    const startsLine = at === 0 || bytes[at - 1] === NEWLINE;
    if (end >= 0 && startsLine && readMark(bytes.toString('utf8', at, end))) return end + 1;
  }
  return 0;
}

/** All of them, in order. */
export function* marksIn(bytes: Buffer): Iterable<{ at: number; marks: Readonly<Record<string, string>> }> {
  for (let at = bytes.indexOf(MARK); at >= 0; ) {
    const end = bytes.indexOf(NEWLINE, at);
    if (end < 0) return;
    const marks = readMark(bytes.toString('utf8', at, end));
    if (marks) yield { at, marks };
    at = bytes.indexOf(MARK, end + 1);
  }
}

function readMark(text: string): Record<string, string> | undefined {
  try {
    const marks = (JSON.parse(text) as Record<string, unknown>)['@'];
    return typeof marks === 'object' && marks !== null ? (marks as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}
