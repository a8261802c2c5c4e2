import { describe, expect, it } from 'vitest';
import { portLink } from './published-port.ts';

describe('a published port', () => {
  it('opens where it is bound', () => {
    expect(portLink('127.0.0.11:8080->80/tcp', undefined)).toEqual({
      hostPort: '8080',
      containerPort: '80',
      href: 'http://127.0.0.11:8080/',
    });
  });

  it('opens at the address of the device when it listens everywhere', () => {
    expect(portLink('0.0.0.0:8080->80/tcp', '192.168.1.31')?.href).toBe('http://192.168.1.31:8080/');
    expect(portLink('8080->80', undefined)?.href).toBeUndefined();
  });

  it('is no link for UDP, and nothing for text a device made up', () => {
    expect(portLink('0.0.0.0:53->53/udp', '192.168.1.31')?.href).toBeUndefined();
    expect(portLink('evil.example:80->80/tcp', undefined)).toBeUndefined();
    expect(portLink('0.0.0.0:80->80/tcp', 'evil.example/@')?.href).toBeUndefined();
    expect(portLink('javascript:alert(1)', undefined)).toBeUndefined();
  });
});
