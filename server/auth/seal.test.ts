import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openSeal, sealWith } from './seal.ts';

it('opens what it closed, for the same purpose and with the same key, unchanged', () => {
  const key = randomBytes(32);
  const seal = sealWith(key);
  const closed = seal.close('Sam wrote this', 'totp sam');
  expect(Buffer.from(closed.split('.')[2]!, 'base64url').includes('Sam wrote this')).toBe(false);
  expect(seal.open(closed, 'totp sam')).toBe('Sam wrote this');
  expect(seal.close('Sam wrote this', 'totp sam')).not.toBe(closed);
  expect(() => seal.open(closed, 'totp max')).toThrow();
  expect(() => sealWith(randomBytes(32)).open(closed, 'totp sam')).toThrow();
  const [form, iv, body] = closed.split('.');
  const bytes = Buffer.from(body!, 'base64url');
  for (const at of [0, bytes.length - 1]) {
    const changed = Buffer.from(bytes);
    changed[at] = changed[at]! ^ 1;
    expect(() => seal.open(`${form}.${iv}.${changed.toString('base64url')}`, 'totp sam')).toThrow();
  }
  // A shorter tag is easier to guess.
  expect(() => seal.open(`${form}.${iv}.${bytes.subarray(-4).toString('base64url')}`, 'totp sam')).toThrow();
});

it('makes its key once, also when several begin at the same moment, and for its own user alone', async () => {
  const home = await mkdtemp(join(tmpdir(), 'sw-seal-'));
  try {
    const seals = await Promise.all(Array.from({ length: 5 }, () => openSeal(home, {})));
    const closed = seals[0]!.close('text', 'context');
    for (const seal of seals) expect(seal.open(closed, 'context')).toBe('text');
    expect(await readdir(join(home, 'keys'))).toEqual(['seal.key']);
    expect((await stat(join(home, 'keys', 'seal.key'))).mode & 0o777).toBe(0o600);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
