import { expect, it } from 'vitest';
import { nameIssues } from './name-issues.ts';

const fix = (value: string) => [{ label: `Use ${value}`, path: ['metadata', 'name'], value }];

it('keeps the name of what is stored', () => {
  expect(nameIssues('hello', 'hello', ['hello'])).toEqual([]);
  expect(nameIssues('hola', 'hello', ['hello'])).toMatchObject([{ severity: 'error', fixes: fix('hello') }]);
});

it('never takes the place of another deployment', () => {
  expect(nameIssues('hola', undefined, ['hello'])).toEqual([]);
  expect(nameIssues('hello', undefined, ['hello', 'hello-2'])).toMatchObject([{ severity: 'error', fixes: fix('hello-3') }]);
});
