import fc from 'fast-check';
import { expect, it } from 'vitest';
import { minimalChange } from './minimal-change.ts';

const text = fc.stringMatching(/^[ab\n]{0,12}$/);

it('turns one text into the other', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const change = minimalChange(before, after);
      const result = change ? before.slice(0, change.from) + change.insert + before.slice(change.to) : before;
      expect(result).toBe(after);
    }),
  );
});

it('touches only what differs', () =>
  expect(minimalChange('image: a:1\n', 'image: a:22\n')).toEqual({ from: 9, to: 10, insert: '22' }));
