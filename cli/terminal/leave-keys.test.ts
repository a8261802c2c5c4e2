import { describe, expect, it } from 'vitest';
import { LeaveKeys, type Typed } from './leave-keys.ts';

const typed = (...chunks: string[]): string[] => {
  const keys = new LeaveKeys();
  return chunks
    .flatMap((chunk) => keys.read(Buffer.from(chunk)))
    .map((one: Typed) => (one.kind === 'bytes' ? one.bytes.toString() : `<${one.command}>`));
};

describe('keys', () => {
  it.each([
    [['~.'], ['<leave>']],
    [['ls\r~.'], ['ls\r', '<leave>']],
    [
      ['ls\r', '~', '.'],
      ['ls\r', '<leave>'],
    ],
    [['ls\n~.'], ['ls\n', '<leave>']],
    [['cd ~.'], ['cd ~.']],
    [['~', 'x'], ['~x']],
    [['~~.'], ['~.']],
    [
      ['~~', '~.'],
      ['~', '~.'],
    ],
    [
      ['~?~t\r~k', '~g'],
      ['<help>', '<take>', '\r', '<keep>', '<give>'],
    ],
    [['~/bin\r'], ['~/bin\r']],
    [['ü~\r~.'], ['ü~\r', '<leave>']],
    [['\u001b[96;5u'], ['<leave>']],
    [
      ['vim\r', '\u001b[27;5;96~'],
      ['vim\r', '<leave>'],
    ],
    [
      ['\u0003', '~.'],
      ['\u0003', '~.'],
    ],
  ])('%j become %j', (chunks, result) => expect(typed(...chunks)).toEqual(result));
});
