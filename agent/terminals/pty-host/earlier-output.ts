/** The last of what a container wrote, for a terminal that begins in the middle of it; and where its stream goes on from there. */
import { open } from 'node:fs/promises';
import type { Engine } from '../../engine/engine.ts';
import { readK8sLine } from '../../sessions/logs/k8s-line.ts';

const MOST_BYTES = 64 * 1024;
const MOST_LINES = 200;
/** Podman writes a time before each piece of a line. */
const MOST_FILE_BYTES = 256 * 1024;
const ENGINE_TIMEOUT_MS = 2_000;
const NEWLINE = 0x0a;
const ESCAPE = 0x1b;

/** Bytes as the program wrote them, colours and all; whole lines at the beginning, where there are lines. */
export async function readEarlierOutput(engine: Engine, containerId: string): Promise<Buffer> {
  const location = await engine.logLocation(containerId);
  if (location.kind === 'k8s-file') return lastPart(await readFileEnd(location.path));
  const terminals = await engine.terminals();
  let kept = Buffer.alloc(0);
  const output = terminals.lastOutput(containerId, MOST_LINES, AbortSignal.timeout(ENGINE_TIMEOUT_MS));
  for await (const chunk of output) kept = Buffer.concat([kept, chunk]).subarray(-2 * MOST_BYTES);
  return lastPart(kept);
}

/**
 * Where in `earlier` the stream begins whose first bytes are `first`: what lies behind will be told by the stream. `earlier.length`
 * where it begins after it. It cannot be exact: output that repeats itself, byte for byte, in the moment of joining may be
 * moved by one repetition, and what the engine had written to its log but not yet sent is told twice.
 */
export function whereStreamBegins(earlier: Buffer, first: Buffer): number {
  if (first.length === 0) return earlier.length;
  const within = earlier.lastIndexOf(first);
  return within >= 0 ? within : earlier.length - overlap(earlier, first);
}

/** The last lines of it, as many as the bounds allow. */
export function lastPart(bytes: Buffer): Buffer {
  let start = Math.max(0, bytes.length - MOST_BYTES);
  if (start > 0) start = cleanStart(bytes, start);
  let at = bytes.length - (bytes.at(-1) === NEWLINE ? 1 : 0);
  for (let lines = 0; lines < MOST_LINES; lines++) {
    at = at > 0 ? bytes.lastIndexOf(NEWLINE, at - 1) : -1;
    if (at < start) return bytes.subarray(start);
  }
  return bytes.subarray(at + 1);
}

/** Not in the middle of a letter or of an escape sequence: behind the next end of a line, else where something begins. */
function cleanStart(bytes: Buffer, start: number): number {
  const newline = bytes.indexOf(NEWLINE, start);
  if (newline >= 0) return newline + 1;
  const sequence = bytes.indexOf(ESCAPE, start);
  return sequence >= 0 ? sequence : bytes.length;
}

async function readFileEnd(path: string): Promise<Buffer> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const from = Math.max(0, size - MOST_FILE_BYTES);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
    return textOf(buffer.subarray(0, bytesRead), from > 0);
  } finally {
    await file.close();
  }
}

/** A record that is only half written yet comes with the stream. */
function textOf(block: Buffer, cut: boolean): Buffer {
  const parts: Buffer[] = [];
  let start = cut ? block.indexOf(NEWLINE) + 1 : 0;
  for (let end = block.indexOf(NEWLINE, start); end >= 0; end = block.indexOf(NEWLINE, start)) {
    const record = readK8sLine(block, start, end);
    // The end of the record is that of the line, unless it is a piece.
    if (record) parts.push(block.subarray(record.textStart, record.whole ? end + 1 : end));
    start = end + 1;
  }
  return Buffer.concat(parts);
}

/** How many bytes at the end of one are those at the beginning of the other, at most: Knuth, Morris and Pratt. */
function overlap(earlier: Buffer, first: Buffer): number {
  const borders = new Uint32Array(first.length);
  const next = (matched: number, byte: number) => {
    let length = matched === first.length ? borders[matched - 1]! : matched;
    while (length > 0 && first[length] !== byte) length = borders[length - 1]!;
    return first[length] === byte ? length + 1 : 0;
  };
  for (let index = 1, length = 0; index < first.length; index++) borders[index] = length = next(length, first[index]!);
  let matched = 0;
  for (const byte of earlier.subarray(-first.length)) matched = next(matched, byte);
  return matched;
}
