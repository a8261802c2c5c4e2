import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PeekRun, TerminalPeek } from '#contracts/peek.ts';
import { Screen } from './screen.ts';
import { TerminalPainter } from './terminal-painter.ts';

const SIZE = { fps: 4, cols: 30, rows: 8 };
const screenOf = () => new Screen({ cols: 30, rows: 8 }, { title: () => undefined, parsed: () => undefined });

/** As a tile does it: rows move up, then lines replace rows. */
function apply(rows: PeekRun[][], { full, scroll, lines, rows: count }: TerminalPeek): PeekRun[][] {
  const next = full ? Array.from({ length: count }, (): PeekRun[] => []) : [...rows.slice(scroll), ...rows.slice(0, scroll)];
  for (const [index, runs] of lines) next[index] = runs;
  return next;
}

it('ends with the same rows by changes as by one whole picture', async () => {
  const text = fc.array(
    fc.constantFrom('abc\r\n', 'x', '\x1b[31mred\x1b[0m', '\x1b[H', '\x1b[2J', '\r\n\r\n', '漢', '\x1b[4;9Hmid\x1b[K'),
    {
      maxLength: 12,
    },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 6 }), async (steps) => {
      const screen = screenOf();
      const painter = new TerminalPainter();
      let rows: PeekRun[][] = [];
      let seq = 0;
      for (const step of steps) {
        screen.write(Buffer.from(step.join('')));
        await screen.text(1);
        const picture = painter.paint(screen, SIZE);
        if (!picture) continue;
        expect(picture.seq).toBe(++seq);
        rows = apply(rows, picture);
      }
      const whole = new TerminalPainter().paint(screen, SIZE)!;
      if (seq > 0) expect(rows).toEqual(apply([], whole));
    }),
    { numRuns: 60 },
  );
}, 60_000);

it('sends one row where the screen scrolled by one, and nothing where nothing changed', async () => {
  const screen = screenOf();
  const painter = new TerminalPainter();
  screen.write(Buffer.from(Array.from({ length: 20 }, (_, n) => `line ${n}`).join('\r\n')));
  await screen.text(1);
  expect(painter.paint(screen, SIZE)).toMatchObject({ full: true, rows: 8 });
  expect(painter.paint(screen, SIZE)).toBeUndefined();
  screen.write(Buffer.from('\r\nline 20'));
  await screen.text(1);
  expect(painter.paint(screen, SIZE)).toMatchObject({ full: false, scroll: 1, lines: [[7, [['line 20']]]] });
});

it('shows the part around the cursor of a terminal that is too big', async () => {
  const screen = screenOf();
  screen.write(Buffer.from('\x1b[8;25Hhere'));
  await screen.text(1);
  const picture = new TerminalPainter().paint(screen, { fps: 1, cols: 10, rows: 3 })!;
  expect(picture).toMatchObject({ cols: 10, rows: 3, cursor: { y: 2 } });
  expect(JSON.stringify(picture.lines)).toContain('here');
});

describe('the part of a terminal that is too big', () => {
  const BIG = { cols: 120, rows: 40 };
  /** 80 columns and 10 rows of it, as a tile asks for them. */
  const PART = { fps: 4, cols: 80, rows: 10 };
  const at = (column: number, row: number) => `\x1b[${row};${column}H`;

  /** Where on the terminal the picture begins, told by a cursor whose place there is known. */
  async function follow(places: readonly [column: number, row: number][], forgetting = false) {
    const screen = new Screen(BIG, { title: () => undefined, parsed: () => undefined });
    const painter = new TerminalPainter();
    const seen: string[] = [];
    for (const [column, row] of places) {
      screen.write(Buffer.from(`${at(column, row)}*${at(column, row)}`));
      await screen.text(1);
      if (forgetting) painter.forget();
      const { cursor } = painter.paint(screen, PART)!;
      seen.push(`${column - 1 - cursor.x},${row - 1 - cursor.y}`);
    }
    return seen;
  }

  it('stays while the cursor goes to and fro over where its edge was before', async () => {
    expect(
      await follow([
        [78, 1],
        [82, 1],
        [79, 1],
        [81, 1],
        [42, 1],
        [120, 1],
      ]),
    ).toEqual(['0,0', '40,0', '40,0', '40,0', '40,0', '40,0']);
  });

  it('goes back to the beginning of the line with the cursor', async () => {
    expect(
      await follow([
        [100, 1],
        [1, 2],
        [70, 2],
      ]),
    ).toEqual(['40,0', '0,0', '0,0']);
  });

  it('stays over rows that are in it, up and down, and moves as far as the cursor leaves it', async () => {
    expect(
      await follow([
        [1, 40],
        [1, 31],
        [1, 35],
        [1, 40],
        [1, 29],
        [1, 38],
        [1, 39],
      ]),
    ).toEqual(['0,30', '0,30', '0,30', '0,30', '0,28', '0,28', '0,29']);
  });

  it('is where it was for who asks for it whole', async () => {
    expect(
      await follow(
        [
          [82, 1],
          [79, 1],
        ],
        true,
      ),
    ).toEqual(['40,0', '40,0']);
  });
});
