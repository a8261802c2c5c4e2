import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bootFile, joinLine } from './join-line.ts';

const PIN = `${'A'.repeat(43)}=`;
const hub = { url: 'http://hub.local:7400', token: 'rcj1.abc_-9.def' };

describe('the line to paste', () => {
  it('carries the token behind the pipe, never in the address', () =>
    expect(joinLine(hub)).toBe('curl -fsSL http://hub.local:7400/join | sh -s -- rcj1.abc_-9.def'));

  it('carries the pin where the certificate is the hub`s own', () =>
    expect(joinLine({ ...hub, url: 'https://[::1]:7400', pin: PIN, rootful: true })).toBe(
      `curl -fsSLk --pinnedpubkey sha256//${PIN} https://[::1]:7400/join | sh -s -- rcj1.abc_-9.def --rootful`,
    ));

  it.each([
    ['an address', { ...hub, url: 'http://hub; rm -rf /' }],
    ['a token', { ...hub, token: '$(reboot)' }],
    ['a pin', { ...hub, pin: '`reboot`' }],
  ])('is never made of %s that a shell would take for a command', (_, input) => {
    expect(() => joinLine(input)).toThrow();
    expect(() => bootFile(input)).toThrow();
  });
});

describe('the file for an SD card', () => {
  it('is a shell script that a shell can read', () => {
    const { name, text } = bootFile({ ...hub, pin: PIN });
    expect(name).toBe('vendor-data');
    execFileSync('sh', ['-n'], { input: text });
    expect(text).toContain(`curl -fsSLk --pinnedpubkey sha256//${PIN}`);
  });
});
