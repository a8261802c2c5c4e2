import { describe, expect, it } from 'vitest';
import { expectedRevision } from './preconditions.ts';

describe('the revision a change is based on', () => {
  it.each<[string | undefined, string | undefined, number]>([
    ['"42"', undefined, 42],
    ['42', undefined, 42],
    ['W/"42"', undefined, 42],
    [undefined, '*', 0],
    ['"42"', '*', 42],
  ])('If-Match %s, If-None-Match %s is %d', (match, noneMatch, revision) =>
    expect(expectedRevision(match, noneMatch)).toBe(revision),
  );

  it.each<[string | undefined, string | undefined, string]>([
    [undefined, undefined, 'precondition-required'],
    [undefined, '"42"', 'precondition-required'],
    ['*', undefined, 'bad-request'],
    ['"0"', undefined, 'bad-request'],
    ['"1", "2"', undefined, 'bad-request'],
    ['', undefined, 'bad-request'],
  ])('If-Match %s, If-None-Match %s is refused', (match, noneMatch, code) =>
    expect(() => expectedRevision(match, noneMatch)).toThrow(expect.objectContaining({ code })),
  );
});
