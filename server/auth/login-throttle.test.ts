import { describe, expect, it } from 'vitest';
import { LoginThrottle, sourceOf } from './login-throttle.ts';

const fail = (throttle: LoginThrottle, source: string, times: number, nowMs = 0) =>
  Array.from({ length: times }, () => throttle.begin(source, nowMs));

describe('guessing a password', () => {
  it('is free five times, then waits twice as long each time, at most a minute', () => {
    const throttle = new LoginThrottle();
    expect(fail(throttle, '10.0.0.1', 5)).toEqual([0, 0, 0, 0, 0]);
    let now = 0;
    const waits = Array.from({ length: 9 }, () => {
      const wait = throttle.begin('10.0.0.1', now);
      now += wait;
      expect(throttle.begin('10.0.0.1', now)).toBe(0);
      return wait / 1_000;
    });
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it('does not keep anybody else out', () => {
    const throttle = new LoginThrottle();
    fail(throttle, '10.0.0.1', 100);
    expect(throttle.begin('10.0.0.2', 0)).toBe(0);
  });

  it('counts attempts that come at once', () => {
    expect(fail(new LoginThrottle(), '10.0.0.1', 50).filter((wait) => wait === 0)).toHaveLength(5);
  });

  it('is forgotten after success and after a quarter of an hour', () => {
    const throttle = new LoginThrottle();
    fail(throttle, 'a', 6);
    throttle.succeeded('a');
    expect(throttle.begin('a', 0)).toBe(0);
    fail(throttle, 'b', 6);
    expect(fail(throttle, 'b', 5, 15 * 60_000)).toEqual([0, 0, 0, 0, 0]);
  });

  it('from many addresses on one account is answered later and later, which who signed in before does not feel', () => {
    const throttle = new LoginThrottle();
    throttle.succeeded('192.0.2.1', 'sam');
    const holds = Array.from({ length: 18 }, (_, index) => throttle.hold('sam', `10.0.1.${index}`, 0));
    expect(holds).toEqual([...Array(10).fill(0), 250, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
    expect(throttle.hold('sam', '192.0.2.1', 0)).toBe(0);
    expect(throttle.hold('max', '10.0.1.1', 0)).toBe(0);
    expect(throttle.hold('sam', '192.0.2.9', 15 * 60_000)).toBe(0);
  });

  it('never remembers more than it can hold', () => {
    const throttle = new LoginThrottle();
    fail(throttle, 'first', 5);
    for (let i = 0; i < 10_000; i++) throttle.begin(`source ${i}`, 0);
    expect(throttle.begin('first', 0)).toBe(0);
  });

  it.each([
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
  ])('takes %s as %s', (address, source) => expect(sourceOf(address)).toBe(source));
});
