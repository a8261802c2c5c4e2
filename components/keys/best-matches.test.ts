import { describe, expect, it } from 'vitest';
import { bestMatches, type Command } from './best-matches.ts';

const commands = ['Add a device', 'Alice', 'Front Door', 'Go to Deployments', 'Aria'].map(
  (label): Command => ({ id: label, label, hint: '', run: () => undefined }),
);
const found = (search: string) => bestMatches(commands, search).map((command) => command.label);

describe('the best matches', () => {
  it('are all while nothing is typed', () => expect(found(' ')).toHaveLength(5));
  it('start with the start', () => expect(found('a')[0]).toBe('Add a device'));
  it('know the starts of words', () => expect(found('door')).toEqual(['Front Door']));
  it('take letters in order', () => expect(found('gtd')).toEqual(['Go to Deployments']));
  it('are none for nonsense', () => expect(found('hailoo')).toEqual([]));
});
