import { chmodSync, chownSync, mkdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { chooseSocketPath, hashOf } from './host-place.ts';

const STATE = `/state/${process.pid}/${'x'.repeat(100)}`;
const FOLDER = join(tmpdir(), `scorewall-${process.getuid!()}-${hashOf(STATE)}`);
const isRoot = process.getuid!() === 0;
afterEach(() => rmSync(FOLDER, { recursive: true, force: true }));

it('is beside the state, or in a folder that is only its own', () => {
  expect(chooseSocketPath('/var/lib/agent')).toBe('/var/lib/agent/pty-host.sock');
  expect(dirname(chooseSocketPath(STATE))).toBe(FOLDER);
  expect(statSync(FOLDER).mode & 0o777).toBe(0o700);
});

it('closes a folder that stood open', () => {
  mkdirSync(FOLDER);
  chmodSync(FOLDER, 0o777);
  chooseSocketPath(STATE);
  expect(statSync(FOLDER).mode & 0o777).toBe(0o700);
});

it('takes no link that somebody laid there before, wherever it leads', () => {
  symlinkSync(tmpdir(), FOLDER);
  expect(() => chooseSocketPath(STATE)).toThrow('belongs to somebody else');
});

it.runIf(isRoot)('takes no folder of another user', () => {
  mkdirSync(FOLDER);
  chownSync(FOLDER, 65_534, 65_534);
  expect(() => chooseSocketPath(STATE)).toThrow('belongs to somebody else');
});
