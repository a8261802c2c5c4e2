import { expect, it } from 'vitest';
import { newRecoveryCodes, recoveryDigest, stepOf } from './codes.ts';

/** RFC 6238, appendix B: the key `12345678901234567890`, the last six of eight digits. */
const KEY = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

it.each([
  [59, '287082', 1],
  [1_111_111_109, '081804', 37_037_036],
  [1_234_567_890, '005924', 41_152_263],
])('at %d s the code of the standard is %s', (seconds, code, step) => {
  expect(stepOf(KEY, code, seconds * 1000)).toBe(step);
  expect(stepOf(KEY, `${code.slice(0, 3)} ${code.slice(3)}`, seconds * 1000)).toBe(step);
  expect(stepOf(KEY, code, (seconds + 30) * 1000)).toBe(step);
  expect(stepOf(KEY, code, (seconds - 30) * 1000)).toBe(step);
  expect(stepOf(KEY, code, (seconds + 90) * 1000)).toBeUndefined();
  expect(stepOf(KEY, code, (seconds - 90) * 1000)).toBeUndefined();
});

it.each(['', '28708', '2870822', '28708a', '-87082'])('%j is no code', (code) =>
  expect(stepOf(KEY, code, 59_000)).toBeUndefined(),
);

it('recovery codes are ten, different, and known however they are typed', () => {
  const codes = newRecoveryCodes();
  expect(new Set(codes).size).toBe(10);
  for (const code of codes) {
    expect(code).toMatch(/^[2-9a-hjkmnp-z]{5}-[2-9a-hjkmnp-z]{5}$/);
    expect(recoveryDigest(` ${code.toUpperCase().replace('-', ' ')} `)).toBe(recoveryDigest(code));
    expect(recoveryDigest(code)).not.toContain(code);
  }
  expect(recoveryDigest('123456')).toBeUndefined();
});
