import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffRows } from './diff-rows.ts';
import { diffLines, mergeEdit } from './line-diff.ts';

const line = fc.constantFrom('a', 'b', 'c', 'd');
const lines = fc.array(line, { maxLength: 12 });

function apply(old: readonly string[], now: readonly string[]): string[] {
  const result: string[] = [];
  let at = 0;
  for (const hunk of diffLines(old, now)) {
    result.push(...old.slice(at, hunk.aFrom), ...now.slice(hunk.bFrom, hunk.bTo));
    at = hunk.aTo;
  }
  return [...result, ...old.slice(at)];
}

describe('a comparison by lines', () => {
  it('turns the old text into the new one, whatever they are', () => {
    fc.assert(
      fc.property(lines, lines, (old, now) => {
        expect(apply(old, now)).toEqual(now);
      }),
    );
  });
  it('finds the smallest change', () =>
    expect(diffLines(['a', 'b', 'c', 'd'], ['a', 'x', 'c', 'd', 'e'])).toEqual([
      { aFrom: 1, aTo: 2, bFrom: 1, bTo: 2 },
      { aFrom: 4, aTo: 4, bFrom: 4, bTo: 5 },
    ]));
});

describe('an edit carried over to the author’s layout', () => {
  it('keeps the layout of every line it does not touch', () =>
    expect(mergeEdit('a\nb\nc', 'a\n  b\nc', 'a\nb\nC')).toBe('a\n  b\nC'));
  it('takes the edited line where both differ', () => expect(mergeEdit('a\nb\nc', 'a\n  b\nc', 'a\nB\nc')).toBe('a\nB\nc'));
  it('gives the edit alone back when the layout is the normal one', () => {
    fc.assert(
      fc.property(lines, lines, (base, edited) => {
        expect(mergeEdit(base.join('\n'), base.join('\n'), edited.join('\n'))).toBe(edited.join('\n'));
      }),
    );
  });
  it('gives the author’s text back when nothing is edited', () => {
    fc.assert(
      fc.property(lines, lines, (base, authored) => {
        expect(mergeEdit(base.join('\n'), authored.join('\n'), base.join('\n'))).toBe(authored.join('\n'));
      }),
    );
  });
});

it('folds what is unchanged', () => {
  const old = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`);
  const now = old.with(9, 'LINE 10');
  const rows = diffRows(old.join('\n'), now.join('\n')).map(({ kind, text }) => `${kind} ${text}`.trim());
  expect(rows).toEqual([
    'gap',
    'same line 7',
    'same line 8',
    'same line 9',
    'removed line 10',
    'added LINE 10',
    'same line 11',
    'same line 12',
    'same line 13',
    'gap',
  ]);
});
