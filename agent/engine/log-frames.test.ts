import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutFrames } from './log-frames.ts';
import { inPieces } from './test-pieces.ts';

const frame = (text: string, stream = 1) => {
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(Buffer.byteLength(text), 4);
  return Buffer.concat([header, Buffer.from(text)]);
};

async function read(bytes: Buffer, sizes: readonly number[]): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of withoutFrames(inPieces(bytes, sizes))) parts.push(part);
  return Buffer.concat(parts).toString();
}

const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 });

it('takes pieces of lines out of their frames, wherever these are cut', () =>
  fc.assert(
    fc.asyncProperty(sizes, async (cuts) => {
      const bytes = Buffer.concat([frame('ready '), frame('on a terminal\r\n'), frame('oops\r\n', 2)]);
      expect(await read(bytes, cuts)).toBe('ready on a terminal\r\noops\r\n');
    }),
  ));

it('leaves output without frames as it is, also what is shorter than one', () =>
  fc.assert(
    fc.asyncProperty(sizes, fc.constantFrom('\x1b[31mred\x1b[0m\r\n> ', '> ', ''), async (cuts, text) => {
      expect(await read(Buffer.from(text), cuts)).toBe(text);
    }),
  ));
