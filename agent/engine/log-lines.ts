/** Lines of a container's output as engines send them: with a time in front, and where there is no terminal in frames per stream. */
import type { EngineLogLine } from './engine.ts';

const FRAME_HEADER_BYTES = 8;
const STDERR = 2;
const NEWLINE = 0x0a;
const SPACE = 0x20;
/** What a line may grow to before it is given out in parts. */
const LONGEST_BYTES = 256 * 1024;

export async function* logLines(chunks: AsyncIterable<Buffer>, framed: boolean): AsyncIterable<EngineLogLine> {
  const begun = { out: Buffer.alloc(0), err: Buffer.alloc(0) };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    rest = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    if (!framed) {
      yield* linesOf(begun, 'out', rest);
      rest = Buffer.alloc(0);
      continue;
    }
    while (rest.length >= FRAME_HEADER_BYTES) {
      const end = FRAME_HEADER_BYTES + rest.readUInt32BE(4);
      if (rest.length < end) break;
      yield* linesOf(begun, rest[0] === STDERR ? 'err' : 'out', rest.subarray(FRAME_HEADER_BYTES, end));
      rest = rest.subarray(end);
    }
  }
  for (const stream of ['out', 'err'] as const) if (begun[stream].length > 0) yield toLine(stream, begun[stream]);
}

function* linesOf(begun: Record<'out' | 'err', Buffer>, stream: 'out' | 'err', bytes: Buffer): Iterable<EngineLogLine> {
  const all = begun[stream].length > 0 ? Buffer.concat([begun[stream], bytes]) : bytes;
  let start = 0;
  for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, start)) {
    yield toLine(stream, all.subarray(start, end));
    start = end + 1;
  }
  if (all.length - start > LONGEST_BYTES) {
    yield toLine(stream, all.subarray(start));
    start = all.length;
  }
  begun[stream] = Buffer.from(all.subarray(start));
}

function toLine(stream: 'out' | 'err', line: Buffer): EngineLogLine {
  const space = line.indexOf(SPACE);
  // A terminal ends its lines with a carriage return.
  const end = line.at(-1) === 0x0d ? line.length - 1 : line.length;
  if (space < 0 || space > 40) return { stream, time: '', text: line.subarray(0, end) };
  return { stream, time: line.toString('latin1', 0, space), text: line.subarray(space + 1, Math.max(space + 1, end)) };
}
