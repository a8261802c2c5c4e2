/**
 * Lines of a container's output as engines send them, with a time in front. Podman's own API puts each piece of a line into a frame
 * that tells its stream, Docker's only where there is no terminal; in frames each piece of a line has a time of its own.
 */
import type { EngineLogLine } from './engine.ts';

const FRAME_HEADER_BYTES = 8;
const STDERR = 2;
const NEWLINE = 0x0a;
const SPACE = 0x20;
/** What a line may grow to before it is given out in parts. */
const LONGEST_BYTES = 256 * 1024;
/** What stands before a longer way to the first space is no time. */
const LONGEST_TIME_BYTES = 40;

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
      const stream = rest[0] === STDERR ? 'err' : 'out';
      const piece = rest.subarray(FRAME_HEADER_BYTES, end);
      yield* linesOf(begun, stream, begun[stream].length > 0 ? piece.subarray(textStartOf(piece)) : piece);
      rest = rest.subarray(end);
    }
  }
  for (const stream of ['out', 'err'] as const)
    if (begun[stream].length > 0) yield { ...toLine(stream, begun[stream]), begun: true };
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
  const start = textStartOf(line);
  // A terminal ends its lines with a carriage return.
  const end = line.at(-1) === 0x0d ? line.length - 1 : line.length;
  return { stream, time: line.toString('latin1', 0, Math.max(0, start - 1)), text: line.subarray(start, Math.max(start, end)) };
}

/** Behind the time and its space. */
function textStartOf(line: Buffer): number {
  const space = line.indexOf(SPACE);
  return space > LONGEST_TIME_BYTES ? 0 : space + 1;
}
