import { describe, expect, it } from 'vitest';
import { freeName, labelsOf } from './facts.ts';

describe('labels from the hardware', () => {
  it('are what fits a label, and nothing else', () => {
    expect(
      labelsOf({
        arch: 'arm64',
        model: 'Raspberry Pi 4 Model B Rev 1.4',
        hostname: 'octavia',
        os: '<img src=x> "Debian"',
        'Not A Label': 'x',
        empty: '***',
      }),
    ).toEqual({ arch: 'arm64', model: 'Raspberry Pi 4 Model B Rev 1.4', os: 'img src-x- -Debian-' });
  });

  it('are at most sixteen', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`l${index}`, 'x']));
    expect(Object.keys(labelsOf(many))).toHaveLength(16);
  });
});

describe('a free name', () => {
  it.each([
    ['octavia', [], 'octavia'],
    ['octavia', ['octavia'], 'octavia-2'],
    ['octavia', ['octavia', 'octavia-2'], 'octavia-3'],
    ['a'.repeat(63), ['a'.repeat(63)], `${'a'.repeat(61)}-2`],
  ])('for %s beside %j is %s', (wanted, taken, expected) =>
    expect(freeName(wanted, (name) => taken.includes(name))).toBe(expected),
  );
});
