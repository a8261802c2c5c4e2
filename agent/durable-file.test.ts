import { mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readDurable, writeDurably } from './durable-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorewall-durable-'));
  path = join(folder, 'state', 'desired.json');
});
afterEach(() => rm(folder, { recursive: true }));

describe('a durable file', () => {
  it('gives back the newest text, and makes its folder', async () => {
    expect(await readDurable(path)).toBeUndefined();
    await writeDurably(path, 'one');
    await writeDurably(path, 'two\n');
    expect(await readDurable(path)).toEqual({ text: 'two\n', previous: false });
  });

  it.each([
    ['torn', () => truncate(path, 75)],
    ['empty', () => truncate(path, 0)],
    ['changed by a bad block', async () => writeFile(path, (await readFile(path, 'utf8')).replace('newest', 'nEwest'))],
    ['gone, because the power went between the renames', () => rm(path)],
  ])('falls back to the copy before when the newest is %s', async (_, damage) => {
    await writeDurably(path, 'before');
    await writeDurably(path, 'newest');
    await damage();
    expect(await readDurable(path)).toEqual({ text: 'before', previous: true });
  });

  it('is not disturbed by a write that never ended', async () => {
    await writeDurably(path, 'good');
    await writeFile(`${path}.new`, 'ha');
    expect(await readDurable(path)).toEqual({ text: 'good', previous: false });
    await writeDurably(path, 'better');
    expect(await readDurable(path)).toEqual({ text: 'better', previous: false });
  });

  it('keeps no more than two copies, readable by their owner alone', async () => {
    for (const text of ['1', '2', '3', '4']) await writeDurably(path, text);
    expect((await readdir(join(folder, 'state'))).sort()).toEqual(['desired.json', 'desired.json.previous']);
  });

  it('gives nothing where both copies are damaged', async () => {
    await writeDurably(path, 'one');
    await writeDurably(path, 'two');
    await truncate(path, 3);
    await rename(path, `${path}.previous`);
    expect(await readDurable(path)).toBeUndefined();
  });
});
