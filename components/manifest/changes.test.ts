import { describe, expect, it } from 'vitest';
import { changesBetween } from './changes.ts';

const NOBODY = { gained: [], lost: [] };
const deployment = (services: object[], spec: object = { targetDevices: ['alice'] }, metadata: object = {}) => ({
  metadata: { name: 'hello', ...metadata },
  spec: { ...spec, score: { type: 'PodmanV0', data: { services } } },
});
const hello = (fields: object = {}) => ({ name: 'hello', image: 'registry.local/hello:1.4.1', ports: ['8080:80'], ...fields });
const between = (before: object, after: object) =>
  changesBetween(deployment([before]), deployment([after]), NOBODY).map((change) => change.sentence);

describe('changes as sentences', () => {
  it.each([
    ['a newer tag', hello(), hello({ image: 'registry.local/hello:1.4.2' }), ['hello: image 1.4.1 → 1.4.2']],
    ['another image', hello(), hello({ image: 'nginx:1.4.1' }), ['hello: image registry.local/hello:1.4.1 → nginx:1.4.1']],
    ['a registry with a port', hello({ image: 'r:5000/a:1' }), hello({ image: 'r:5000/a:2' }), ['hello: image 1 → 2']],
    ['another port', hello(), hello({ ports: ['8081:80'] }), ['hello: port 8080 → 8081']],
    ['another port inside', hello(), hello({ ports: ['8080:81'] }), ['hello: port 8080:80 → 8080:81']],
    ['a port more', hello(), hello({ ports: ['8080:80', '9000:90'] }), ['hello: port 9000:90 is new']],
    ['no ports', hello(), hello({ ports: undefined }), ['hello: port 8080:80 is removed']],
    [
      'variables',
      hello({ env: { A: '1', B: '2' } }),
      hello({ env: { A: '2', C: '3' } }),
      ['hello: A 1 → 2', 'hello: C = 3', 'hello: B is removed'],
    ],
    ['variables as a list', hello({ env: ['A=1'] }), hello({ env: ['A=1=2'] }), ['hello: A 1 → 1=2']],
    [
      'a limit',
      hello({ resources: { limits: { memory: '256m' } } }),
      hello({ resources: { limits: { memory: '512m' } } }),
      ['hello: limits memory 256m → 512m'],
    ],
    ['a new restart policy', hello(), hello({ restart: 'always' }), ['hello: restart always']],
    ['a command', hello({ command: ['a', 'b'] }), hello({ command: 'c' }), ['hello: command a b → c']],
    ['no health check', hello({ healthcheck: { test: 'true' } }), hello(), ['hello: no health check any more']],
    ['nothing', hello(), hello(), []],
  ])('%s', (_, before, after, sentences) => expect(between(before, after)).toEqual(sentences));

  it('puts devices first, by their names', () => {
    const changes = changesBetween(deployment([hello()]), deployment([hello({ ports: ['8081:80'] })]), {
      gained: ['alice'],
      lost: ['octavia'],
    });
    expect(changes).toEqual([
      { kind: 'added', sentence: 'Alice gets it' },
      { kind: 'removed', sentence: 'Octavia loses it' },
      { kind: 'changed', sentence: 'hello: port 8080 → 8081' },
    ]);
  });

  it('tells a new deployment by its services', () =>
    expect(
      changesBetween(undefined, deployment([hello()]), { gained: ['alice'], lost: [] }).map((change) => change.sentence),
    ).toEqual(['Alice gets it', 'hello is new: registry.local/hello:1.4.1 on port 8080:80']));

  it('tells services that come and go', () =>
    expect(
      changesBetween(deployment([hello()]), deployment([{ name: 'web', image: 'nginx' }]), NOBODY).map(
        (change) => change.sentence,
      ),
    ).toEqual(['web is new: nginx', 'hello is removed and stops']));

  it('tells when labels choose from now on', () =>
    expect(changesBetween(deployment([]), deployment([], { targetSelector: { role: 'infer', site: 'bonn' } }), NOBODY)).toEqual([
      { kind: 'changed', sentence: 'Every device with role: infer and site: bonn gets it, from now on' },
    ]));

  it('tells notes of the author and not those of the hub', () =>
    expect(
      changesBetween(
        deployment([], undefined, { owner: 'kim', generation: 1 }),
        deployment([], undefined, { owner: 'sam', generation: 2 }),
        NOBODY,
      ),
    ).toEqual([{ kind: 'changed', sentence: 'About it: owner kim → sam' }]));
});
