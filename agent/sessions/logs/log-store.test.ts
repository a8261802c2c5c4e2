import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { History } from './history.ts';
import { type LogKey, type LogLine, recordOf } from './log-line.ts';
import { LogStore } from './log-store.ts';

const silent = () => undefined;
const log = { debug: silent, info: silent, warn: silent, error: silent };
const KEYS = ['web/hello', 'web/other', 'db/main', ''];
const MEBIBYTE = 1024 * 1024;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scorewall-store-'));
});
afterEach(() => rm(folder, { recursive: true }));

const open = (maxBytes = MEBIBYTE, at = folder) => LogStore.open({ folder: at, maxBytes, log });
const textOf = (line: LogLine) => {
  const record = recordOf(line);
  return record.o === 'gap' ? `gap ${record.lines}` : record.x;
};

async function write(store: LogStore, key: LogKey, texts: readonly string[], t = 1_000): Promise<void> {
  const service = await store.ready(key);
  for (const [index, x] of texts.entries()) store.append(service, t + index, { o: 'out', x });
}

async function read(store: LogStore, keys: readonly LogKey[] = KEYS, limit = 1_000_000): Promise<LogLine[]> {
  const lines: LogLine[] = [];
  const history = new History(store, { keys, limit, beforeN: store.lastN + 1 }, new AbortController().signal);
  for await (const some of history.read()) lines.push(...some);
  return lines;
}

// Files are written in earnest, on a machine that may be busy.
describe('the store of logs', { timeout: 60_000 }, () => {
  it('gives back what it was given, in order, once, whatever happens in between', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ key: fc.constantFrom(...KEYS), count: fc.integer({ min: 1, max: 40 }) }) },
      { weight: 2, arbitrary: fc.constant('flush' as const) },
      { weight: 1, arbitrary: fc.constant('start again' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.integer({ min: 1, max: 60 }), async (steps, limit) => {
        const at = await mkdtemp(join(folder, 'run-'));
        let store = await open(64 * MEBIBYTE, at);
        const written = new Map<string, string[]>(KEYS.map((key) => [key, []]));
        const all: string[] = [];
        let time = 0;
        for (const one of steps) {
          if (one === 'flush') await store.flush();
          else if (one === 'start again') {
            await store.close();
            store = await open(64 * MEBIBYTE, at);
          } else {
            const texts = Array.from({ length: one.count }, (_, index) => `${one.key} ${time + index} ${'x'.repeat(900)}`);
            await write(store, one.key, texts, time);
            time += one.count;
            written.get(one.key)!.push(...texts);
            all.push(...texts);
          }
        }
        for (const key of KEYS) expect((await read(store, [key])).map(textOf)).toEqual(written.get(key));
        const merged = await read(store);
        expect(merged.map(textOf)).toEqual(all);
        const numbers = merged.map(({ n }) => n);
        expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
        expect((await read(store, KEYS, limit)).map(textOf)).toEqual(all.slice(-limit));
        await store.close();
      }),
      { numRuns: 25 },
    );
  });

  it('keeps lines and the place to go on from together where the end of a file is torn', async () => {
    const store = await open();
    const service = await store.ready('web/hello');
    for (let index = 0; index < 20; index++) {
      store.append(service, index, { o: 'out', x: `line ${index}` });
      store.mark(service, 'c1', `f:${index + 1}:0`);
      await store.flush();
    }
    await store.close();
    const [name] = (await readdir(join(folder, 'web.hello'))).filter((one) => one.endsWith('.active'));
    const path = join(folder, 'web.hello', name!);
    const whole = await readFile(path);
    const check = async (bytes: Buffer) => {
      await writeFile(path, bytes);
      const again = await open();
      const lines = (await read(again, ['web/hello'])).map(textOf);
      const place = again.of('web/hello')?.markOf('c1');
      expect(lines).toEqual(Array.from({ length: lines.length }, (_, index) => `line ${index}`));
      expect(place).toBe(lines.length === 0 ? undefined : `f:${lines.length}:0`);
      await again.close();
      return lines.length;
    };
    for (let end = whole.length; end > 0; end -= 37) await check(whole.subarray(0, end));
    // A power cut may leave zeros where data was promised.
    expect(await check(Buffer.concat([whole, Buffer.alloc(4_096)]))).toBe(20);
  });

  it('never gives a number twice, also after a kill', async () => {
    const store = await open();
    await write(store, 'web/hello', ['one', 'two']);
    const given = store.lastN;
    // As after kill -9: nothing was flushed, nothing closed.
    const again = await open();
    await write(again, 'web/hello', ['three']);
    expect(again.lastN).toBeGreaterThan(given);
    await again.close();
    const orderly = await open();
    expect(orderly.lastN).toBe(again.lastN);
    await orderly.close();
    await store.close();
  });

  it('is bounded; who writes much loses its own past, and the quiet ones nothing', async () => {
    const store = await open(MEBIBYTE);
    const quiet = Array.from({ length: 200 }, (_, index) => `quiet ${index}`);
    await write(store, 'db/main', quiet);
    for (let round = 0; round < 40; round++) {
      await write(
        store,
        'web/hello',
        Array.from({ length: 1_000 }, (_, index) => `loud ${round * 1_000 + index} ${'x'.repeat(100)}`),
      );
      await store.flush();
      expect(store.bytes).toBeLessThanOrEqual(MEBIBYTE * 1.3);
    }
    expect((await read(store, ['db/main'])).map(textOf)).toEqual(quiet);
    const loud = (await read(store, ['web/hello'])).map(textOf);
    expect(loud.at(-1)).toMatch(/^loud 39999 /);
    expect(loud.length).toBeGreaterThan(2_000);
    expect(loud.length).toBeLessThan(10_000);
    const first = Number(loud[0]!.split(' ')[1]);
    expect(loud.map((text) => Number(text.split(' ')[1]))).toEqual(loud.map((_, index) => first + index));
    await store.close();
    const again = await open(MEBIBYTE);
    expect((await read(again, ['web/hello'])).length).toBe(loud.length);
    await again.close();
  });

  it('gives two services that write much the same share', async () => {
    const store = await open(MEBIBYTE);
    for (let round = 0; round < 30; round++) {
      await write(
        store,
        'web/hello',
        Array.from({ length: 900 }, () => 'x'.repeat(150)),
      );
      await write(
        store,
        'web/other',
        Array.from({ length: 300 }, () => 'x'.repeat(150)),
      );
      await store.flush();
    }
    const [one, two] = [store.of('web/hello')!.bytes, store.of('web/other')!.bytes];
    expect(Math.max(one, two) / Math.min(one, two)).toBeLessThan(2);
    await store.close();
  });

  it('keeps the place of a container through every loss of its lines', async () => {
    const store = await open(MEBIBYTE);
    const service = await store.ready('web/hello');
    store.mark(service, 'quiet', 'f:1:0');
    for (let round = 0; round < 30; round++) {
      await write(
        store,
        'web/hello',
        Array.from({ length: 1_000 }, () => 'x'.repeat(150)),
      );
      store.mark(service, 'loud', `f:${round}:0`);
      await store.flush();
    }
    await store.close();
    const again = await open(MEBIBYTE);
    expect(again.of('web/hello')!.markOf('quiet')).toBe('f:1:0');
    expect(again.of('web/hello')!.markOf('loud')).toBe('f:29:0');
    await again.close();
  });

  it('goes on beside what it cannot read', async () => {
    await writeFile(join(folder, 'web.hello'), 'a file where a folder should be');
    await writeFile(join(folder, 'numbers'), 'not a number');
    const store = await open();
    await write(store, 'web/other', ['one']);
    expect((await read(store, ['web/other'])).map(textOf)).toEqual(['one']);
    await store.close();
    const other = join(folder, 'web.other');
    const [name] = await readdir(other);
    await truncate(join(other, name!), 3);
    await appendFile(join(other, name!), '\u0000\u0000');
    const again = await open();
    expect(await read(again, ['web/other'])).toEqual([]);
    await again.close();
  });
});
