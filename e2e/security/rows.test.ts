/** Every row of the security table that is promised has a test with its number in the title: nobody drops one silently. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const FOLDERS = ['agent', 'cli', 'components', 'contracts', 'deploy', 'e2e', 'roadchain', 'server'];
const TEST_FILE = /\.(?:test|spec)\.tsx?$/;
const SKIPPED = /^(?:node_modules|dist|\..*)$/;

const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, index) => first + index);
const PROMISED = [...upTo(1, 39), ...upTo(57, 67), 70, 71, 74, 77];

/** The beginning of a title, `it('S13 S14 …` or a row of a table of tests, `['S77 …`. A comment counts for nothing. */
const TITLE = /(?:\b(?:it|test|describe)(?:\.each)?\(|\]\)\(|\)\(|\[|^)\s*(['"`])((?:[A-Z]\d+ )+)/gm;

function testFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (SKIPPED.test(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return testFiles(path);
    return TEST_FILE.test(entry.name) ? [path] : [];
  });
}

function rowsIn(text: string): number[] {
  return [...text.matchAll(TITLE)].flatMap(([, , words = '']) => [...words.matchAll(/S(\d+) /g)].map(([, row]) => Number(row)));
}

it('finds the numbers of titles, and of nothing else', () => {
  const text = `
    it('S1 S2 says so', () => {});
    describe("S3 who", () => {});
    it.each(CASES)('S4 %s', () => {});
    test.each([
      ['S5 a line', 1],
    ])('F2 S6 more', () => {});
    // S7: no title. it must not count
    const name = 'is S8 a row';
    expect('S9').toBe('S9');`;
  expect(rowsIn(text)).toEqual([1, 2, 3, 4, 5, 6]);
});

it('has a test for every row', () => {
  const tried = new Set(
    FOLDERS.flatMap((folder) => testFiles(join(ROOT, folder))).flatMap((path) => rowsIn(readFileSync(path, 'utf8'))),
  );
  expect(PROMISED.filter((row) => !tried.has(row)).map((row) => `S${row}`)).toEqual([]);
});
