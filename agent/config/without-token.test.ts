import { expect, it } from 'vitest';
import { withoutToken } from './without-token.ts';

const text = (line: string) =>
  `[agent]\ndevice_id = "alice" # token = "no"\n[credentials]\ntype = "roadchain"\n${line}tick_ms = 500\n`;

it.each([
  ['a line of its own', 'token = "rcj1.x.y"\n'],
  ['with spaces and a comment', '  token   =  "rcj1.x.y"   # once\n'],
])('the join token leaves the text: %s', (_, line) => expect(withoutToken(text(line))).toBe(text('')));

it('of another section, or of none, nothing leaves', () => {
  expect(withoutToken(text(''))).toBe(text(''));
  expect(withoutToken('[future]\ntoken = "x"\n')).toBe('[future]\ntoken = "x"\n');
});
