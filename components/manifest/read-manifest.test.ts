import { describe, expect, it } from 'vitest';
import { pathAt } from './locate.ts';
import { readManifest } from './read-manifest.ts';

const manifest = (service: string, spec = '  targetDevices: [alice]') => `apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata: { name: hello }
spec:
${spec}
  score:
    type: PodmanV0
    data:
      services:
        - name: hello
${service}
`;
const found = (text: string) => readManifest(text).issues.map(({ line, column, message }) => `${line}:${column} ${message}`);

describe('a manifest that cannot be read', () => {
  it.each([
    ['a missing dash', 'a:\n  - b: 1\n    c: 2\n   d: 3\n', "4:4 Line 4: a dash is missing before 'd'."],
    ['a tab', 'a:\n\tb: 1\n', '2:1 Line 2: this line starts with a tab. YAML wants spaces.'],
    ['a key twice', 'a: 1\na: 2\n', "2:1 Line 2: 'a' is written twice at the same place. Remove one of the two."],
    ['an open quote', 'a: "x\nb: 1\n', '3:1 Line 3: a quote that was opened is never closed.'],
    [
      'an open bracket',
      'a: [1, 2\nb: 3\n',
      '2:1 Line 2: the bracket ] is missing at the end of a list or group that was opened before.',
    ],
    ['a missing colon', 'a: 1\nports\n', "2:1 Line 2: a colon is missing behind 'ports'."],
    [
      'two documents',
      'a: 1\n---\nb: 2\n',
      '2:1 Line 2: a second document starts here. One manifest holds one deployment: remove the line ---.',
    ],
    ['an unknown alias', 'a: *x\n', '1:4 Line 1: *x refers to &x, which is not written above it.'],
    ['a tag', 'a: !secret x\n', '1:4 Line 1: tags (!name) have no meaning here. Write the plain value.'],
    ['an empty text', '', '1:1 The manifest is empty. Start with the hello example, or paste a compose file.'],
  ])('names the line and the remedy for %s', (_, text, issue) => {
    const read = readManifest(text);
    expect(read.readable).toBe(false);
    expect(found(text)[0]).toBe(issue);
  });

  it('does not unfold an alias bomb', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefgh'[index]}`).join(',')}]`).join('\n')}\n`;
    expect(found(bomb)[0]).toMatch(/^2:\d+ Line 2: \*a unfolds into more than 100 copies\. Nothing was unfolded\./);
  });

  it('does not even parse what is too large', () => {
    expect(found(`a: "${'x'.repeat(300_000)}"`)).toEqual([
      expect.stringMatching(/^1:1 This manifest has 293 KB\. At most 256 KB/),
    ]);
  });

  it('survives brackets without end', () => expect(readManifest('['.repeat(200_000)).readable).toBe(false));
});

describe('a manifest with mistakes', () => {
  it.each([
    [
      'an unknown field, at its key',
      '          imgae: nginx\n          image: nginx',
      '11:11 imgae is not a known field. Did you mean image?',
    ],
    [
      'a bad port, in its list',
      '          image: nginx\n          ports: ["99999:80"]',
      '12:19 99999 is no host port. Ports go from 1 to 65535.',
    ],
    ['a missing field, at what lacks it', '          restart: always', '10:11 image is missing here.'],
    [
      'a number where text is wanted',
      '          image: nginx\n          hostname: 5',
      '12:11 hostname must be text, not a number. Put it in quotes.',
    ],
    ['a word where a list is wanted', '          image: nginx\n          ports: "80"', '12:11 ports must be a list, not text.'],
  ])('points at %s', (_, service, issue) => expect(found(manifest(service))).toContain(issue));

  it('points at the selector without labels', () => {
    expect(found(manifest('          image: nginx', '  targetSelector: {}'))).toContain(
      '5:3 A selector without labels would match nothing. Give at least one label.',
    );
  });

  it('notes what it keeps without making it a problem', () => {
    const read = readManifest(
      manifest('          image: nginx\n          x-team: vision').replace('{ name: hello }', '{ name: hello, owner: kim }'),
    );
    expect(read.deployment?.metadata.name).toBe('hello');
    expect(read.issues.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'note: owner is not part of the manifest. Kept as is.',
      'note: x-team is not part of the manifest. Kept as is.',
    ]);
  });
});

it('knows which path stands at a place of the text', () => {
  const text = manifest('          image: nginx\n          ports: ["8080:80"]');
  const { document } = readManifest(text);
  expect(pathAt(document!, text.indexOf('8080'))).toEqual(['spec', 'score', 'data', 'services', 0, 'ports', 0]);
});
