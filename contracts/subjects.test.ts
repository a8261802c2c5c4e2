import { describe, expect, it } from 'vitest';
import { subjects } from './subjects.ts';

describe('subjects', () => {
  it('are made of checked names', () => {
    expect(subjects.status('alice')).toBe('status.alice');
    expect(subjects.getDesired('alice', 'hello')).toBe('$JS.API.DIRECT.GET.KV_desired-state.$KV.desired-state.alice.hello');
  });
  it.each(['*', '>', 'a.b', '', 'Alice', 'a b'])('never hold %j', (name) =>
    expect(() => subjects.status(name)).toThrow(RangeError),
  );
});
