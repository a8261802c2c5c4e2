import { expect, it } from 'vitest';
import { troubleOf } from './trouble.ts';

const refused = { code: 'registry-unreachable', message: 'connection refused', step: 'pull' } as const;

it.each([
  ['an image of this device alone', 'localhost/vision:2', 'image-not-found', 'is not on this device'],
  ['an image behind a registry on this device', 'localhost:5000/vision:2', 'registry-unreachable', 'cannot reach the registry'],
  ['an image of the network', 'registry.local/vision:2', 'registry-unreachable', 'check the network'],
])('says what to do where %s cannot be had', (_, image, code, words) => {
  const trouble = troubleOf(refused, { service: 'vision', image, keeps: true });
  expect(trouble).toMatchObject({ code, message: expect.stringContaining(words) });
  expect(trouble.message).toContain('What ran before keeps running.');
});
