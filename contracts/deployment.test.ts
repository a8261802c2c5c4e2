import { describe, expect, it } from 'vitest';
import { Deployment, matchTargets } from './deployment.ts';
import { issuesFromZod } from './issue.ts';

const deployment = (spec: object, metadata: object = { name: 'hello-world' }) => ({
  apiVersion: 'iot.nationtech.io/v1alpha1',
  kind: 'Deployment',
  metadata,
  spec: {
    targetDevices: ['alice'],
    score: { type: 'PodmanV0', data: { services: [{ name: 'hello', image: 'nginx' }] } },
    ...spec,
  },
});

const issues = (document: unknown) => {
  const result = Deployment.safeParse(document);
  return result.success ? [] : issuesFromZod(result.error);
};

describe('a deployment', () => {
  it('keeps unknown keys under metadata and x- keys elsewhere', () => {
    expect(issues(deployment({ 'x-team': 'vision' }, { name: 'hello-world', owner: 'sam' }))).toEqual([]);
  });

  it('refuses other unknown keys with the path and the word that was meant', () => {
    expect(issues(deployment({ targetDevice: ['alice'] }))).toMatchObject([
      { path: ['spec', 'targetDevice'], suggestion: 'targetDevices' },
    ]);
  });

  it('names a required field with a slip in its name beside the one that is missing', () => {
    const document = deployment({ score: { type: 'PodmanV0', data: { services: [{ name: 'hello', imgae: 'nginx' }] } } });
    expect(issues(document)).toMatchObject([
      { message: 'image is missing here.' },
      { path: ['spec', 'score', 'data', 'services', 0, 'imgae'], suggestion: 'image' },
    ]);
  });

  it('points into a service through the union', () => {
    const document = deployment({
      score: { type: 'PodmanV0', data: { services: [{ name: 'hello', image: 'nginx', ports: ['99999:80'] }] } },
    });
    expect(issues(document)).toMatchObject([
      { path: ['spec', 'score', 'data', 'services', 0, 'ports', 0], message: '99999 is no host port. Ports go from 1 to 65535.' },
    ]);
  });

  it.each([
    ['names and a selector', { targetSelector: { role: 'infer' } }],
    ['neither', { targetDevices: undefined }],
    ['an empty selector', { targetDevices: undefined, targetSelector: {} }],
    ['no name at all', { targetDevices: [] }],
    ['a wildcard', { targetDevices: ['*'] }],
    ['another strategy', { rollout: { strategy: 'Progressive' } }],
    ['an unknown type of Score', { score: { type: 'JobV0', data: {} } }],
  ])('refuses %s', (_, spec) => expect(issues(deployment(spec))).not.toEqual([]));
});

describe('targets', () => {
  const devices: { name: string; labels: Record<string, string> }[] = [
    { name: 'octavia', labels: { role: 'infer', site: 'berlin' } },
    { name: 'alice', labels: { role: 'infer' } },
    { name: 'aria', labels: {} },
  ];
  it.each([
    ['names, sorted, once each', { targetDevices: ['octavia', 'ghost', 'octavia'] }, ['ghost', 'octavia']],
    ['one label', { targetSelector: { role: 'infer' } }, ['alice', 'octavia']],
    ['all labels must match', { targetSelector: { role: 'infer', site: 'berlin' } }, ['octavia']],
    ['no match', { targetSelector: { role: 'gateway' } }, []],
    ['an empty selector matches nobody', { targetSelector: {} }, []],
  ])('%s', (_, spec, names) => expect(matchTargets(spec, devices)).toEqual(names));
});
