import { describe, expect, it } from 'vitest';
import { isAllowedHost } from './allowed-host.ts';

describe('the Host header', () => {
  it.each([
    'localhost',
    'localhost:7400',
    '127.0.0.1:7400',
    '192.168.1.20',
    '[::1]:7400',
    'pi.local:7400',
    'PI.LOCAL',
    'wall.example',
  ])('may be %s', (host) => expect(isAllowedHost(host, ['wall.example'])).toBe(true));
  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:7400',
    'localhost.evil.example',
    'wall.example.evil',
    'localhost:7400/x',
    'a@localhost',
    '::1',
  ])('may not be %s', (host) => expect(isAllowedHost(host, ['wall.example'])).toBe(false));
});
