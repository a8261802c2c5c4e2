import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { RecordingSpool } from './spool.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorewall-spool-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('closes what its process left open, without its broken last line; what has no line is none', async () => {
  const before = new RecordingSpool(folder, 'shelf');
  const begin = () => before.begin('terminal', { kind: 'host' });
  const [whole, broken, empty] = [await begin(), await begin(), await begin()];
  whole.write('{"version":3}');
  await whole.end();
  broken.write('{"version":3}');
  broken.write('[0.1,"o","sha');
  await broken.end();
  await empty.end();
  // As a power cut leaves them.
  for (const { id } of [broken, empty]) {
    const { endedAt: _, ...open } = JSON.parse(await readFile(join(before.folder, `${id}.json`), 'utf8'));
    await writeFile(join(before.folder, `${id}.json`), JSON.stringify(open));
  }
  await truncate(before.castPath(broken.id), '{"version":3}\n[0.1,"o","sha'.length);

  const after = new RecordingSpool(folder, 'shelf');
  expect((await after.closeAbandoned('terminal')).map(({ id, bytes }) => [id, bytes])).toEqual([[broken.id, 14]]);
  expect((await after.list()).map(({ id }) => id).sort()).toEqual([whole.id, broken.id].sort());
  expect((await readdir(after.folder)).filter((name) => name.includes(empty.id))).toEqual([]);
  expect(await readFile(after.castPath(broken.id), 'utf8')).toBe('{"version":3}\n');
});
