import { describe, expect, it } from 'vitest';
import { newestSuiteSources, parseDeb822, parseOneLine } from './apt-sources.ts';
import { isNewEnough } from './binary.ts';

const DEB822 = `Types: deb deb-src
# an old address
URIs: https://archive.example/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/archive.gpg

Types: deb
URIs: https://archive.example/debian-security
Suites: bookworm-security
Components: main

Types: deb
Enabled: no
URIs: https://off.example/debian
Suites: bookworm
Components: main
`;
const ONE_LINE = `# deb https://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/archive.gpg] https://archive.example/debian bookworm main # the archive
deb-src https://archive.example/debian bookworm main
deb https://vendor.example/tools bookworm stable
deb https://vendor.example/sdk sdk-bookworm main
`;

describe('sources of the newest suite', () => {
  const debian = { id: 'debian', codename: 'bookworm' };

  it('come from the distribution`s own archive, in the newer form', () => {
    expect(newestSuiteSources(parseDeb822(DEB822), debian)).toEqual([
      {
        uri: 'https://archive.example/debian',
        suite: 'sid',
        line: 'deb [signed-by=/usr/share/keyrings/archive.gpg] https://archive.example/debian sid main contrib',
      },
    ]);
  });

  it('come from it in the one-line form, without the architecture and without other vendors', () => {
    expect(newestSuiteSources(parseOneLine(ONE_LINE), debian).map(({ line }) => line)).toEqual([
      'deb [signed-by=/usr/share/keyrings/archive.gpg] https://archive.example/debian sid main',
    ]);
  });

  it('are named devel on Ubuntu', () => {
    const sources = parseOneLine('deb http://archive.example/ubuntu noble main universe');
    expect(newestSuiteSources(sources, { id: 'ubuntu', codename: 'noble' })[0]?.line).toBe(
      'deb http://archive.example/ubuntu devel main universe',
    );
  });

  it('do not exist elsewhere', () => {
    expect(newestSuiteSources(parseDeb822(DEB822), { id: 'fedora', codename: '' })).toEqual([]);
  });
});

describe('a version', () => {
  it.each([
    ['2.12.0', true],
    ['2.15.1', true],
    ['3.0.0', true],
    ['2.11.9', false],
    ['1.20.0', false],
  ])('%s is new enough: %s', (version, expected) => expect(isNewEnough(version)).toBe(expected));
});
