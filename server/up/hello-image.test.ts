import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { helloPage, isStatic } from './hello-image.ts';
import { toTar } from './tar.ts';

describe('the hello image', () => {
  it('says hello and its version', () => {
    expect(helloPage('1')).toContain('This is hello, version 1.');
    expect(helloPage('2')).not.toBe(helloPage('1'));
  });

  it('tells a program that needs a dynamic linker from one that does not', () => {
    expect(isStatic(readFileSync(process.execPath))).toBe(false);
    expect(isStatic(Buffer.from('#!/bin/sh\n'))).toBe(false);
    expect(isStatic(elf(1))).toBe(true);
    expect(isStatic(elf(1, 3))).toBe(false);
  });

  it('is an archive that tar itself reads', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'scorewall-tar-'));
    const file = path.join(folder, 'x.tar');
    writeFileSync(
      file,
      toTar([
        { name: 'bin/', mode: 0o755 },
        { name: 'bin/busybox', mode: 0o755, content: Buffer.alloc(700, 'x') },
        { name: 'bin/sh', mode: 0o755, linkTo: 'busybox' },
      ]),
    );
    const listing = execFileSync('tar', ['-tvf', file], { encoding: 'utf8' });
    expect(listing).toMatch(/drwxr-xr-x .* bin\/\n-rwxr-xr-x .* 700 .* bin\/busybox\nlrwxr-xr-x .* bin\/sh -> busybox/);
    rmSync(folder, { recursive: true });
  });
});

/** A 64-bit little-endian ELF header with program headers of these types. */
function elf(...types: number[]): Buffer {
  const bytes = Buffer.alloc(64 + 56 * types.length);
  bytes.writeUInt32BE(0x7f454c46, 0);
  bytes.writeUInt8(2, 4);
  bytes.writeUInt8(1, 5);
  bytes.writeBigUInt64LE(64n, 32);
  bytes.writeUInt16LE(56, 54);
  bytes.writeUInt16LE(types.length, 56);
  types.forEach((type, index) => {
    bytes.writeUInt32LE(type, 64 + 56 * index);
  });
  return bytes;
}
