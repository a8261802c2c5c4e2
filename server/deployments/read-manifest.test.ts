import { describe, expect, it } from 'vitest';
import { readDeployment, readManifest } from './read-manifest.ts';

const manifest = (services: string, more = '') => `# hello, for everybody
apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata:
  name: hello
spec:
  targetDevices: [alice]
  score:
    type: PodmanV0
    data:
      services:
${services}${more}`;

const good = manifest('        - name: hello\n          image: nginx\n          ports: ["8080:80"]\n');

describe('a manifest', () => {
  it('is read with the order of its keys', () => {
    const { deployment, issues } = readManifest(manifest('        - image: nginx\n          name: hello\n'));
    expect(issues).toEqual([]);
    expect(JSON.stringify(deployment?.spec.score)).toBe(
      '{"type":"PodmanV0","data":{"services":[{"image":"nginx","name":"hello"}]}}',
    );
  });

  const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]']
    .concat(['b', 'c', 'd', 'e', 'f', 'g'].map((key, i) => `${key}: &${key} [${`*${'abcdef'[i]},`.repeat(9)}]`))
    .join('\n');

  it.each([
    [
      'a bad port, at its line',
      good.replace('8080:80', '99999:80'),
      { path: ['spec', 'score', 'data', 'services', 0, 'ports', 0], line: 14, column: 19 },
      /Ports go from 1 to 65535/,
    ],
    [
      'an unknown field, at its key',
      good.replace('image:', 'imagee: x\n          image:'),
      { line: 13, column: 11, suggestion: 'image' },
      /Did you mean image/,
    ],
    [
      'a missing field, at its service',
      good.replace('          image: nginx\n', ''),
      { path: ['spec', 'score', 'data', 'services', 0, 'image'], line: 12 },
      /image is missing/,
    ],
    ['an unknown type', good.replace('PodmanV0', 'JobV0'), { line: 9 }, /It knows PodmanV0/],
    [
      'a wildcard as a name',
      good.replace('name: hello', 'name: "*"'),
      { path: ['metadata', 'name'], line: 5 },
      /cannot be a name/,
    ],
    ['a key twice', good.replace('kind:', 'kind: x\nkind:'), { line: 4 }, /written twice/],
    ['a second document', `${good}---\na: 1\n`, { line: 16 }, /One manifest holds one deployment/],
    ['a tag', good.replace('nginx', '!!js/function x'), { line: 13 }, /no meaning here|cannot be read/],
    ['an alias bomb', bomb, {}, /unfold into more than 100 copies/],
    ['an alias of nothing', good.replace('nginx', '*nginx'), {}, /Nothing was unfolded|cannot be read/],
    ['1 MB', `${good}# ${'x'.repeat(1_048_576)}`, {}, /1025 KB/],
    ['deep nesting', '['.repeat(5_000), {}, /nested too deeply/],
    ['nothing', '# only a comment\n', {}, /empty/],
    ['a list', '- 1\n', { line: 1 }, /must be a group of fields/],
    ['plain text', 'hello', { line: 1 }, /must be a group of fields/],
    ['__proto__', good.replace('kind:', '__proto__: { a: 1 }\nkind:'), {}, /__proto__/],
  ])('S71 refuses %s', (_, text, place, words) => {
    const { deployment, issues } = readManifest(text);
    expect(deployment).toBeUndefined();
    expect(issues[0]).toMatchObject({ severity: 'error', ...place });
    expect(issues[0]!.message).toMatch(words);
  });
});

it('S71 reads ten thousands of keys without holding up the hub, and names the first hundred errors', { timeout: 60_000 }, () => {
  const keys = Array.from({ length: 25_000 }, (_, i) => `k${i}: 1\n`).join('');
  expect(readManifest(keys).issues).toHaveLength(100);
  expect(readManifest('k: 1\n'.repeat(25_000)).issues).toHaveLength(100);
});

it('counts the size of what aliases unfold into', () => {
  const long = `        - name: s0\n          image: nginx\n          env: &e { A: ${'x'.repeat(20_000)} }\n`;
  const more = Array.from({ length: 20 }, (_, i) => `        - name: s${i + 1}\n          image: nginx\n          env: *e\n`);
  expect(readManifest(manifest(long, more.join(''))).issues[0]!.message).toMatch(/^This manifest has 4\d\d KB/);
});

describe('a deployment as JSON', () => {
  it('meets the same checks', () => {
    expect(readDeployment(JSON.parse('{"__proto__":{}}')).issues).toHaveLength(1);
    expect(readDeployment({ kind: 'Pod' }).issues).not.toEqual([]);
  });
});
