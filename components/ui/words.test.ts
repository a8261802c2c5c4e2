import { describe, expect, it } from 'vitest';
import { age, duration, elapsed, imageParts, listNames, size } from './words.ts';

describe('words', () => {
  it.each([
    [0, '0 s'],
    [119_000, '119 s'],
    [120_000, '2 min'],
    [7_200_000, '2 h'],
    [172_800_000, '2 d'],
  ])('of an age of %i ms are %s', (ms, words) => expect(age(ms)).toBe(words));

  it('of a duration have two numbers', () => {
    expect(duration(273_000_000)).toBe('3 d 3 h');
    expect(duration(3_660_000)).toBe('1 h 1 min');
  });

  it('of the time of a recording count', () => expect(elapsed(252_900)).toBe('00:04:12'));

  it('of sizes are round', () => {
    expect([512, 1_500, 212_000_000, 931e9].map(size)).toEqual(['512 B', '1.5 KB', '212 MB', '931 GB']);
  });

  it('of names stay short', () => {
    expect(listNames(['Aria'])).toBe('Aria');
    expect(listNames(['Aria', 'Octavia'])).toBe('Aria and Octavia');
    expect(listNames(['Aria', 'Octavia', 'Silas', 'Alice'])).toBe('Aria, Octavia and 2 more');
  });

  it('of images are name and tag', () => {
    expect(imageParts('registry.local:5000/team/vision:1.4.2')).toEqual({ name: 'vision', tag: '1.4.2' });
    expect(imageParts('docker.io/library/nginx')).toEqual({ name: 'nginx', tag: 'latest' });
    expect(imageParts('nginx@sha256:0123456789abcdef')).toEqual({ name: 'nginx', tag: '0123456789ab' });
  });
});
