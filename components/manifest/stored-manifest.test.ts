import { describe, expect, it } from 'vitest';
import { Deployment } from '#contracts/deployment.ts';
import { readManifest } from './read-manifest.ts';
import { manifestOf } from './stored-manifest.ts';

const TEXT = `apiVersion: iot.nationtech.io/v1alpha1
kind: Deployment
metadata: { name: hello }
spec: { targetDevices: [alice], score: { type: PodmanV0, data: { services: [{ name: hello, image: nginx }] } } }
`;

describe('the manifest of a stored deployment', () => {
  const stored = readManifest(TEXT).deployment!;
  it('is the text of its author', () => {
    const deployment = Deployment.parse({
      ...stored,
      metadata: { ...stored.metadata, annotations: { 'scorewall.io/manifest': '# mine\n' } },
    });
    expect(manifestOf(deployment)).toBe('# mine\n');
  });
  it("is written anew without the hub's own fields where there is no text", () => {
    const text = manifestOf({
      ...stored,
      status: { x: 1 },
      metadata: { ...stored.metadata, generation: 3, resourceVersion: '9', owner: 'kim' },
    });
    expect(readManifest(text).value).toEqual({ ...stored, metadata: { name: 'hello', owner: 'kim' } });
  });
});
