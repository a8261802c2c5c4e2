import { expect, it } from 'vitest';
import { readSeconds } from './read-seconds.ts';

const read = (text?: string) => readSeconds({ waitMs: 3_000 }, { waitMs: 'WAIT_SECONDS' }, { WAIT_SECONDS: text });

it('takes seconds from the environment, and what is said otherwise where there are none', () => {
  expect([read(), read(''), read('0'), read('0.05')].map(({ waitMs }) => waitMs)).toEqual([3_000, 3_000, 0, 50]);
});

it.each(['soon', '-1', 'Infinity'])('refuses %s in words', (text) => {
  expect(() => read(text)).toThrow(`WAIT_SECONDS is ${text}, which is no number of seconds.`);
});
