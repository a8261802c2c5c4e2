import { describe, expect, it } from 'vitest';
import { fieldNames, fieldValues } from './field-names.ts';
import { placeInLine } from './path-above.ts';

const TEXT = `apiVersion: iot.nationtech.io/v1alpha1
spec: # why
  # what
  score:
    type: PodmanV0
    data:
      services:
        - name: hello
          image: nginx
          healthcheck:
            in
          ima
        - na
      
  rollout:
    strategy: I
`;
const lines = TEXT.split('\n');
const place = (needle: string) => {
  const index = lines.findIndex((line) => line.trimEnd().endsWith(needle));
  return placeInLine(lines, index, lines[index]!.length);
};
const SERVICE = ['spec', 'score', 'data', 'services', 0];

describe('the place of a half-written line', () => {
  it.each([
    ['ima', { parent: SERVICE, key: undefined, typed: 'ima' }],
    ['            in', { parent: [...SERVICE, 'healthcheck'], key: undefined, typed: 'in' }],
    ['- na', { parent: SERVICE, key: undefined, typed: 'na' }],
    ['strategy: I', { parent: ['spec', 'rollout', 'strategy'], key: 'strategy', typed: 'I' }],
    ['type: PodmanV0', { parent: ['spec', 'score', 'type'], key: 'type', typed: 'PodmanV0' }],
  ])('%s', (needle, expected) => expect(place(needle)).toEqual(expected));

  it('knows a list whose dash stands under its key', () => {
    const flat = ['spec:', '  score:', '    data:', '      services:', '      - name: a', '        ima'];
    expect(placeInLine(flat, 5, 11).parent).toEqual(SERVICE);
    expect(placeInLine([...flat.slice(0, 5), '      - ima'], 5, 11).parent).toEqual(SERVICE);
  });
});

describe('fields of a place', () => {
  it('come from the contracts', () => {
    expect(fieldNames([]).map((field) => field.name)).toEqual(['apiVersion', 'kind', 'metadata', 'spec', 'status']);
    expect(fieldNames(SERVICE).find((field) => field.name === 'stopTimeoutSeconds')?.description).toContain('SIGKILL');
    expect(fieldNames([...SERVICE, 'healthcheck']).map((field) => field.name)).toContain('interval');
    expect(fieldValues(['spec', 'rollout', 'strategy'])).toEqual(['Immediate']);
    expect(fieldNames(['nowhere'])).toEqual([]);
  });
});
