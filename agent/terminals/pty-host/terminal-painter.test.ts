import fc from 'fast-check';
import { expect, it } from 'vitest';
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
