import { describe, expect, it } from 'vitest';
import { PullTally, splitReference } from './pull-image.ts';

describe('a reference', () => {
  it.each([
    ['nginx', 'nginx', 'latest'],
    ['nginx:1.27', 'nginx', '1.27'],
    ['registry:5000/nginx', 'registry:5000/nginx', 'latest'],
    ['registry:5000/team/nginx:1', 'registry:5000/team/nginx', '1'],
    ['nginx@sha256:00', 'nginx@sha256:00', ''],
    ['nginx:1@sha256:00', 'nginx:1@sha256:00', ''],
  ])('%s', (reference, repository, tag) => expect(splitReference(reference)).toEqual({ repository, tag }));
});

describe('the lines of a pull', () => {
  it('add up to layers and bytes', () => {
    const tally = new PullTally();
    const lines = [
      { status: 'Pulling from library/nginx', id: 'latest' },
      { status: 'Pulling fs layer', id: 'a' },
      { status: 'Already exists', id: 'b' },
      { status: 'Downloading', id: 'a', progressDetail: { current: 10, total: 100 } },
    ];
    expect(lines.map((line) => tally.add(line))).toEqual([false, true, true, true]);
    expect(tally.progress()).toEqual({ layersDone: 1, layersTotal: 2, bytesDone: 10, bytesTotal: 100 });
    tally.add({ status: 'Download complete', id: 'a', progressDetail: {} });
    expect(tally.progress()).toEqual({ layersDone: 2, layersTotal: 2, bytesDone: 100, bytesTotal: 100 });
  });
});
