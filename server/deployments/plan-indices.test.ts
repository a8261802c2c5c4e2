import { describe, expect, it } from 'vitest';
import { type IndexFacts, planIndices } from './plan-indices.ts';

const key = (device: string, deployment: string, revision: number) => ({ device, deployment, revision });

describe('the plan for desired-index', () => {
  it.each<[string, IndexFacts, string[]]>([
    ['tells a new device that nothing is wanted', { devices: ['alice'], keys: [], indices: [] }, ['alice {} over 0']],
    [
      'lists what is there, whoever wrote it',
      { devices: ['alice'], keys: [key('alice', 'hello', 4), key('alice', 'theirs', 9)], indices: [] },
      ['alice {"hello":4,"theirs":9} over 0'],
    ],
    [
      'serves a device that nobody registered',
      { devices: [], keys: [key('lab', 'hello', 4)], indices: [] },
      ['lab {"hello":4} over 0'],
    ],
    [
      'leaves what is right',
      {
        devices: ['alice'],
        keys: [key('alice', 'b', 2), key('alice', 'a', 1)],
        indices: [{ device: 'alice', keys: { a: 1, b: 2 }, revision: 5 }],
      },
      [],
    ],
    [
      'follows a newer key',
      { devices: ['alice'], keys: [key('alice', 'a', 3)], indices: [{ device: 'alice', keys: { a: 1 }, revision: 5 }] },
      ['alice {"a":3} over 5'],
    ],
    [
      'empties it with the last key',
      { devices: [], keys: [], indices: [{ device: 'lab', keys: { a: 1 }, revision: 5 }] },
      ['lab {} over 5'],
    ],
    [
      'repairs one that cannot be read',
      { devices: ['alice'], keys: [], indices: [{ device: 'alice', keys: undefined, revision: 5 }] },
      ['alice {} over 5'],
    ],
    [
      'writes over the marker of a deleted one',
      { devices: ['alice'], keys: [], indices: [], tombstones: new Map([['alice', 8]]) },
      ['alice {} over 8'],
    ],
  ])('%s', (_, facts, sentences) =>
    expect(
      planIndices(facts).map(
        ({ index, expectedRevision }) => `${index.device} ${JSON.stringify(index.keys)} over ${expectedRevision}`,
      ),
    ).toEqual(sentences),
  );
});
