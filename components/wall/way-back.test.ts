import { describe, expect, it } from 'vitest';
import type { DeploymentEntry } from '#contracts/api.ts';
import type { DeploymentStatus } from '#contracts/deployment.ts';
import type { DeviceDeploymentStatus, DeviceStatus } from '#contracts/status.ts';
import { wayBack } from './way-back.ts';

const on = (phases: Record<string, DeviceDeploymentStatus['phase']>, reachable = true) =>
  ({
    engine: { kind: 'podman', version: '5', reachable },
    deployments: Object.entries(phases).map(([name, phase]) => ({ name, phase, revision: 1, services: [] })),
  }) as unknown as DeviceStatus;

const failing: Partial<DeploymentStatus> = { observedGeneration: 42, workedGeneration: 41 };
const aggregate = { targets: 2, running: 1, updating: 0, attention: 0, failed: 1, offline: 0 };
const entry = (status: Partial<DeploymentStatus> | undefined): DeploymentEntry =>
  ({
    revision: 9,
    deployment: { metadata: { name: 'vision', generation: 42 } },
    ...(status ? { status: { observedScoreString: '', conditions: [], aggregate, ...status } } : {}),
  }) as unknown as DeploymentEntry;

const back = { deployment: 'vision', generation: 41 };
const all = (status: Partial<DeploymentStatus> | undefined) => () => entry(status);

describe('the way back of a device in trouble', () => {
  it.each([
    ['leads to the revision that worked', on({ vision: 'failed' }), all(failing), back],
    [
      'is there for what keeps stopping',
      on({ vision: 'attention' }),
      all({ ...failing, aggregate: { ...aggregate, failed: 0, attention: 1 } }),
      back,
    ],
    ['is not there where all is well', on({ vision: 'running' }), all(failing), undefined],
    ['is not there where nothing worked before', on({ vision: 'failed' }), all({ observedGeneration: 42 }), undefined],
    [
      'waits until the newest revision is counted',
      on({ vision: 'failed' }),
      all({ ...failing, observedGeneration: 41 }),
      undefined,
    ],
    [
      'waits until a device has taken it up',
      on({ vision: 'failed' }),
      all({ ...failing, aggregate: { ...aggregate, failed: 0 } }),
      undefined,
    ],
    ['is not there while nothing is counted', on({ vision: 'failed' }), all(undefined), undefined],
    ['is none where the engine is the trouble', on({ vision: 'failed' }, false), all(failing), undefined],
    ['is none for what somebody else asks for', on({ vision: 'failed' }), () => undefined, undefined],
  ])('%s', (_, status, entryOf, expected) => expect(wayBack(status, entryOf)).toEqual(expected));

  it('is that of what fails before that of what needs a look', () => {
    const status = on({ lamp: 'attention', web: 'running', vision: 'failed' });
    expect(wayBack(status, all(failing))).toEqual(back);
    expect(wayBack(undefined, all(failing))).toBeUndefined();
  });
});
