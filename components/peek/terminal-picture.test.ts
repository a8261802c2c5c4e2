import { describe, expect, it } from 'vitest';
import type { TerminalPeek } from '#contracts/peek.ts';
import { applyPeek, type TerminalPicture } from './terminal-picture.ts';

const peek = (seq: number, more: Partial<TerminalPeek> = {}): TerminalPeek => ({
  kind: 'terminal',
  seq,
  full: false,
  at: 0,
  cols: 10,
  rows: 3,
  cursor: { x: 0, y: 0, visible: true },
  scroll: 0,
  lines: [],
  ...more,
});
const whole = (seq: number, ...texts: string[]) =>
  peek(seq, { full: true, lines: texts.map((text, row) => [row, [[text]]] as TerminalPeek['lines'][number]) });
const textOf = (picture: TerminalPicture | 'missed') =>
  picture === 'missed' ? picture : picture.lines.map((runs) => runs.map(([text]) => text).join('')).join('|');
const first = applyPeek(undefined, whole(7, 'a', 'b', 'c')) as TerminalPicture;

describe('a terminal on a tile', () => {
  it('begins with a whole picture and waits for one', () => {
    expect(textOf(first)).toBe('a|b|c');
    expect(applyPeek(undefined, peek(8))).toBe('missed');
  });

  it('takes changed rows and keeps the others as they are', () => {
    const next = applyPeek(first, peek(8, { lines: [[1, [['B']]]] })) as TerminalPicture;
    expect(textOf(next)).toBe('a|B|c');
    expect(next.lines[0]).toBe(first.lines[0]);
    expect(textOf(first)).toBe('a|b|c');
  });

  it('takes no more letters of a row than could ever be seen', () => {
    const next = applyPeek(first, peek(8, { lines: [[1, [['a'.repeat(3_000), 1, 2, 0], ['\u0301'.repeat(900_000)], ['c']]]] }));
    expect((next as TerminalPicture).lines[1]).toEqual([['a'.repeat(3_000), 1, 2, 0], ['\u0301'.repeat(1_000)]]);
  });

  it('moves rows up before it takes new ones', () => {
    const next = applyPeek(first, peek(8, { scroll: 1, lines: [[2, [['d']]]] })) as TerminalPicture;
    expect(textOf(next)).toBe('b|c|d');
    expect(next.lines[0]).toBe(first.lines[1]);
    expect(next.scrolled).toBe(1);
    expect(textOf(applyPeek(first, peek(8, { scroll: 99 })))).toBe('||');
  });

  it('asks for a whole picture when one was missed or the size changed', () => {
    expect(applyPeek(first, peek(9))).toBe('missed');
    expect(applyPeek(first, peek(8, { cols: 11 }))).toBe('missed');
    expect(textOf(applyPeek(first, whole(40, 'x')))).toBe('x||');
  });

  it('leaves out what came twice, and notices a device that began anew', () => {
    expect(applyPeek(first, peek(7, { lines: [[0, [['?']]]] }))).toBe(first);
    expect(applyPeek({ ...first, seq: 900 }, peek(3))).toBe('missed');
  });

  it('is not blown up by a size no terminal has', () => {
    expect(applyPeek(first, whole(8))).not.toBe('missed');
    expect(applyPeek(first, { ...whole(8), rows: 1e9 })).toBe('missed');
    expect(textOf(applyPeek(first, peek(8, { lines: [[99, [['?']]]] })))).toBe('a|b|c');
  });
});
