import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from './command-line.ts';
import { readForm } from './form-model.ts';

const document = (service: object, spec: object = { targetDevices: ['alice'] }) => ({
  metadata: { name: 'hello' },
  spec: { ...spec, score: { type: 'PodmanV0', data: { services: [{ name: 'hello', image: 'nginx', ...service }] } } },
});

describe('the form of a document', () => {
  it('shows what is written', () => {
    const form = readForm(
      document({
        ports: ['8080:80', 9000],
        env: { MODEL: 'phi3', WORKERS: 2 },
        command: ['serve', '--title', 'two words'],
        resources: { limits: { cpus: 1.5 } },
        hostname: 'eye',
      }),
    );
    expect(form).toMatchObject({ name: 'hello', target: { kind: 'devices', names: ['alice'] } });
    expect(form.services[0]).toMatchObject({
      ports: ['8080:80', '9000'],
      env: {
        kind: 'map',
        entries: [
          { name: 'MODEL', value: 'phi3' },
          { name: 'WORKERS', value: '2' },
        ],
      },
      command: "serve --title 'two words'",
      limits: { cpus: '1.5' },
      others: ['hostname'],
    });
  });

  it('leaves entries it cannot show as text to the YAML', () => {
    expect(readForm(document({ volumes: ['data:/data', { type: 'tmpfs', target: '/scratch' }] })).services[0]!.volumes).toEqual([
      'data:/data',
      undefined,
    ]);
  });

  it('reads variables written as a list', () => {
    expect(readForm(document({ env: ['A=1=2', 'B'] })).services[0]!.env).toEqual({
      kind: 'list',
      entries: [
        { name: 'A', value: '1=2' },
        { name: 'B', value: undefined },
      ],
    });
  });

  it('shows labels', () =>
    expect(readForm(document({}, { targetSelector: { role: 'infer' } })).target).toEqual({
      kind: 'labels',
      labels: [{ key: 'role', value: 'infer' }],
    }));

  it('never fails, whatever the document', () => {
    fc.assert(fc.property(fc.anything(), (value) => readForm(value).services.length >= 0));
    fc.assert(fc.property(fc.object(), (spec) => readForm({ spec, metadata: spec }).services.length >= 0));
  });
});

describe('a command line', () => {
  it.each([
    ['serve --fast', ['serve', '--fast']],
    [`sh -c 'echo "a b"'`, ['sh', '-c', 'echo "a b"']],
    [`a "b \\"c" d\\ e`, ['a', 'b "c', 'd e']],
    [`''`, ['']],
    ['   ', []],
  ])('%s', (line, words) => expect(splitWords(line)).toEqual(words));

  it('comes back as the words it was', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (words) => {
        const shown = readForm(document({ command: words })).services[0]!.command!;
        expect(splitWords(shown)).toEqual(words);
      }),
    );
  });
});
