import { describe, expect, it } from 'vitest';
import { readManifest } from '../../manifest/read-manifest.ts';
import { blankManifest, helloManifest } from './start-manifests.ts';

describe('manifests to begin with', () => {
  it('says hello on the devices that are there', () => {
    const { deployment, issues } = readManifest(helloManifest(['alice', 'aria']));
    expect(issues).toEqual([]);
    expect(deployment?.spec.targetDevices).toEqual(['alice', 'aria']);
  });
  it('names nobody in a large fleet', () =>
    expect(readManifest(helloManifest(Array.from({ length: 9 }, (_, index) => `pi-${index}`))).value).toMatchObject({
      spec: { targetDevices: [] },
    }));
  it('leaves a blank one readable', () => expect(readManifest(blankManifest())).toMatchObject({ readable: true }));
});
