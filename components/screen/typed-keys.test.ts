import { expect, it } from 'vitest';
import { KEYSYM, keysymOf, typedKeys } from './typed-keys.ts';

const codes = (text: string) => [...text].map(keysymOf);

it.each([
  ['one letter more', '__', '__a', codes('a')],
  ['a letter taken back', '__ab', '__a', [KEYSYM.Backspace]],
  ['more taken back than was typed here', '__', '_', [KEYSYM.Backspace]],
  ['a word made better', '__teh', '__the ', [KEYSYM.Backspace, KEYSYM.Backspace, ...codes('he ')]],
  ['a line', '__', '__ls\n', [...codes('ls'), KEYSYM.Enter]],
  ['nothing', '__a', '__a', []],
])('%s', (_, before, after, keys) => expect(typedKeys(before, after)).toEqual(keys));

it('knows letters that are not of this place', () => {
  expect(['a', 'ß', 'ł', '😀'].map(keysymOf)).toEqual([0x61, 0xdf, 0x0100_0142, 0x0101_f600]);
});
