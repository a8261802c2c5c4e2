import { expect, it } from 'vitest';
import { splitShellWords } from './shell-words.ts';

it.each([
  ['', []],
  ['  a   b ', ['a', 'b']],
  ['a "b c" d', ['a', 'b c', 'd']],
  [`a 'b "c"' d`, ['a', 'b "c"', 'd']],
  ['a\\ b', ['a b']],
  ['"a\\"b" \'a\\b\'', ['a"b', 'a\\b']],
  ['a"b"c', ['abc']],
  ['"" \'\'', ['', '']],
  ['echo $HOME', ['echo', '$HOME']],
])('%j', (line, words) => expect(splitShellWords(line)).toEqual(words));
