import { expect, it } from 'vitest';
import type { Actual, OwnContainer } from './actual.ts';
import type { DesiredEntry } from './desired.ts';
import { keepUnknown } from './keep-unknown.ts';

const hello: DesiredEntry = { name: 'hello', revision: 1, text: '{}', services: [] };
const containers = new Map(
  ['hello', 'deleted', 'vision', 'vision'].map((deployment, id) => [`${id}`, { deployment } as OwnContainer]),
);
const actual: Actual = { containers, listeners: [] };

it('changes nothing where everything is known', () => {
  expect(keepUnknown([hello], undefined, actual)).toEqual([hello]);
});

it('wants what runs of deployments nobody spoke of as it is, and nothing of those known to be unwanted', () => {
  const kept = keepUnknown([hello], new Set(['hello', 'deleted']), actual);
  expect(kept.map(({ name, services }) => [name, services])).toEqual([
    ['hello', []],
    ['vision', 'as-is'],
  ]);
});
