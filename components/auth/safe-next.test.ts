import { describe, expect, it } from 'vitest';
import { safeNext } from './safe-next.ts';

describe('the way after signing in', () => {
  it.each(['/', '/d/alice', '/deployments/hello/edit?draft=1'])('leads to %s', (path) => expect(safeNext(path)).toBe(path));
  it.each([null, '', 'https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', '/login', '/start'])(
    'does not lead to %s',
    (path) => expect(safeNext(path)).toBe('/'),
  );
});
