import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

let folder: string;
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'scorewall-slots-')), 'identity');
});
afterEach(() => rm(join(folder, '..'), { recursive: true }));

const text = async () => {
  const read = await new Slots(folder).read();
  return read.kind === 'good' ? read.text : read.kind;
};
const newestSlot = async () => ((await readFile(join(folder, 'a'), 'utf8')).endsWith('newest') ? 'a' : 'b');

describe('the two slots', () => {
  it('are empty at first, then hold the newest, readable by nobody else', async () => {
    const slots = new Slots(folder);
    expect(await text()).toBe('empty');
    for (const value of ['one', 'two', 'three']) {
      await slots.write(value);
      expect(await text()).toBe(value);
    }
    for (const slot of ['a', 'b']) expect((await stat(join(folder, slot))).mode & 0o777).toBe(0o600);
  });

  it('keep what was before beside the newest, until both are written', async () => {
    const slots = new Slots(folder);
    await slots.write('seed of yesterday');
    await slots.write('seed of today');
    const both = async () => `${await readFile(join(folder, 'a'), 'utf8')}${await readFile(join(folder, 'b'), 'utf8')}`;
    expect(await both()).toContain('yesterday');
    await slots.writeBoth('seed of today');
    expect(await both()).not.toContain('yesterday');
  });

  it('survive every torn prefix of either file, and say which is damaged', async () => {
    const slots = new Slots(folder);
    await slots.write('before');
    await slots.write('newest');
    const newest = await newestSlot();
    for (const slot of ['a', 'b'] as const) {
      const path = join(folder, slot);
      const whole = await readFile(path);
      for (let length = 0; length < whole.length; length++) {
        await writeFile(path, whole.subarray(0, length));
        expect(await slots.read()).toMatchObject({
          kind: 'good',
          text: slot === newest ? 'before' : 'newest',
          damaged: [slot],
        });
      }
      await writeFile(path, whole);
    }
  });

  it('notice every flipped bit', async () => {
    const slots = new Slots(folder);
    await slots.write('before');
    await slots.write('newest');
    const path = join(folder, await newestSlot());
    const whole = await readFile(path);
    for (let bit = 0; bit < whole.length * 8; bit++) {
      const flipped = Buffer.from(whole);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      await writeFile(path, flipped);
      expect(await text(), `bit ${bit}`).toBe('before');
    }
  });

  it('are repaired by the next write, and lost only where both are damaged', async () => {
    const slots = new Slots(folder);
    await slots.write('before');
    await slots.write('newest');
    await writeFile(join(folder, 'a'), 'torn');
    await slots.writeBoth((await text()) as string);
    expect(await slots.read()).toMatchObject({ kind: 'good', damaged: [] });
    for (const slot of ['a', 'b']) await writeFile(join(folder, slot), 'torn');
    expect(await slots.read()).toEqual({ kind: 'lost' });
    await slots.write('anew');
    expect(await text()).toBe('anew');
  });

  it('hold the old or the new text, whenever a write is cut', async () => {
    for (const cut of ['aside', 'renamed', 'first-slot']) {
      await new Slots(folder).writeBoth('old');
      const failing = new Slots(folder, (step) => {
        if (step === cut) throw new Error('The power is gone.');
      });
      await expect(failing.writeBoth('new')).rejects.toThrow('power');
      expect(await text()).toBe(cut === 'aside' ? 'old' : 'new');
    }
  });
});
