import { describe, expect, it } from 'vitest';
import { notifyDescriptor, watchdogIntervalMs } from './systemd-notify.ts';

describe('what systemd passes', () => {
  it.each([
    ['the descriptor called notify', { LISTEN_PID: '7', LISTEN_FDS: '2', LISTEN_FDNAMES: 'web:notify' }, 4],
    ['descriptors of another process', { LISTEN_PID: '8', LISTEN_FDS: '1', LISTEN_FDNAMES: 'notify' }, undefined],
    ['nothing', {}, undefined],
  ])('%s', (_, env, descriptor) => expect(notifyDescriptor(env, 7)).toBe(descriptor));

  it('asks for a sign of life twice in each period', () => {
    expect(watchdogIntervalMs({ WATCHDOG_USEC: '30000000' })).toBe(15_000);
    expect(watchdogIntervalMs({})).toBeUndefined();
  });
});
