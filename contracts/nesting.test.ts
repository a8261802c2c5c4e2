import { describe, expect, it } from 'vitest';
import { nestsTooDeeply } from './nesting.ts';

const steps = (count: number) => Array.from({ length: count }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n');

describe('nesting', () => {
  it.each([
    ['brackets', '['.repeat(300)],
    ['braces over many lines', 'a: {\n'.repeat(300)],
    ['dashes in one line', `${'- '.repeat(300)}a`],
    ['indented groups', steps(300)],
    ['a mix', `${steps(150)} ${'['.repeat(150)}`],
  ])('refuses %s', (_, text) => expect(nestsTooDeeply(text)).toBe(true));

  it.each([
    ['many brackets beside each other', 'a: [1]\n'.repeat(20_000)],
    ['a long list', '- - a\n'.repeat(20_000)],
    ['groups beside each other', 'a:\n  b:\n    c: 1\n'.repeat(20_000)],
    ['a manifest', 'spec:\n  score:\n    data:\n      services:\n        - name: x\n          ports: ["80:80"]\n'],
    ['nothing', ''],
  ])('accepts %s', (_, text) => expect(nestsTooDeeply(text)).toBe(false));
});
