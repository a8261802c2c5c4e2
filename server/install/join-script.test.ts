import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillJoinScript } from './join-script.ts';

const template = readFileSync(path.join(import.meta.dirname, '../../deploy/install/join.sh'), 'utf8');
const file = { name: 'scorewall-agent_arm64.deb', sha256: 'a'.repeat(64), sizeBytes: 1 };
const script = fillJoinScript(template, { version: '0.1.0+1', builtAt: '2026-11-01T00:00:00.000Z', files: { arm64: file } });
const run = (text: string, args: string[] = []) => spawnSync('sh', ['-s', '--', ...args], { input: text, encoding: 'utf8' });

describe('the installing script', () => {
  it('says which package it wants, with its checksum', () => {
    expect(script).toContain(`SHA256_arm64='${'a'.repeat(64)}'`);
    expect(script).toContain("SHA256_amd64=''");
    expect(script).toContain("VERSION='0.1.0+1'");
    expect(script).not.toMatch(/'@\w+@'/);
  });

  it('does nothing at all when its download was cut off', () => {
    const end = script.lastIndexOf('scorewall_join "$@"');
    for (let at = 0; at <= end; at += Math.ceil(end / 25)) {
      const { stdout, status } = run(script.slice(0, at), ['rcj1.e30.x']);
      expect([at, stdout, status === 0 || status === 2]).toEqual([at, '', true]);
    }
  });

  it.each([
    ['no token', [], 'The token is missing'],
    ['a token that was cut', ['rcj1.e30'], 'This is no join token'],
    ['a token that means something to a shell', ['rcj1.$(id).x'], 'This is no join token'],
    [
      'a token with another address in it',
      [`rcj1.${btoa('{"url":"file:///etc","tid":"0"}')}.x`.replaceAll('=', '')],
      'This is no join token',
    ],
    ['a name that is none', ['rcj1.e30.x', '--name', 'A b'], 'cannot be a name'],
    ['a flag nobody knows', ['--force'], 'Usage:'],
  ])('stops at %s, before anything is done', (_, args, words) => {
    const { stdout, status } = run(script, args);
    expect(stdout).toContain(words);
    expect(status).toBe(64);
  });
});
