import fc from 'fast-check';
import { expect, it } from 'vitest';
import { logLines } from './log-lines.ts';
import { inPieces } from './test-pieces.ts';

const TIME = '2026-11-21T19:24:28Z';
const frame = (text: string, stream = 1) => {
  const bytes = Buffer.from(`${TIME} ${text}`);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(bytes.length, 4);
  return Buffer.concat([header, bytes]);
};

async function read(bytes: Buffer, sizes: readonly number[], framed: boolean) {
  const lines: string[] = [];
  for await (const { stream, time, text, begun } of logLines(inPieces(bytes, sizes), framed)) {
    expect(time).toBe(TIME);
    lines.push(`${stream} ${text}${begun ? '…' : ''}`);
  }
  return lines;
}

const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 });

it('puts pieces of lines together without the times between them, each stream for itself, wherever frames are cut', () =>
  fc.assert(
    fc.asyncProperty(sizes, async (cuts) => {
      const pieces = [
        frame('a '),
        frame('oops', 2),
        frame('long '),
        frame('line\r\n'),
        frame('!\n', 2),
        frame('\r\n'),
        frame('$ '),
      ];
      expect(await read(Buffer.concat(pieces), cuts, true)).toEqual(['out a long line', 'err oops!', 'out ', 'out $ …']);
    }),
  ));

it('reads what a terminal wrote where it stands in no frames', () =>
  fc.assert(
    fc.asyncProperty(sizes, async (cuts) => {
      const bytes = Buffer.from(`${TIME} one\r\n${TIME} \r\n${TIME} $ `);
      expect(await read(bytes, cuts, false)).toEqual(['out one', 'out ', 'out $ …']);
    }),
  ));
