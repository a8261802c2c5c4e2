/** Replaces the labels of a device. The controller gives and takes deployments accordingly. */
import type { DeviceEntry } from '#contracts/api.ts';
import type { Labels } from '#contracts/name.ts';
import { audited } from '../audit/audited.ts';
import { cutChangedReach } from '../auth/cut-changed-reach.ts';
import { checkOn, reachDevice } from '../auth/reach.ts';
import { RevisionConflict } from '../kv/store.ts';
import { deviceChanged, findDevice } from './find-device.ts';

export interface LabelDeviceInput {
  name: string;
  labels: Labels;
  /** Revision the person saw. */
  expectedRevision: number;
}

export const labelDevice = audited<LabelDeviceInput, DeviceEntry>(
  'device.label',
  ({ name }) => name,
  async ({ ctx, input: { name, labels, expectedRevision } }) => {
    const { hub, actor } = ctx;
    const before = await reachDevice(ctx, name, 'manage');
    if (before.revision !== expectedRevision) throw deviceChanged(before);
    const device = { ...before.value, labels };
    // Nobody gives away, or takes, what they do not manage before and after.
    checkOn(actor, 'manage', device);
    if (sameLabels(before.value.labels, labels)) return { revision: before.revision, device: before.value };
    const revision = await hub.buckets.devices.put(name, device, { expectedRevision }).catch(async (error) => {
      throw error instanceof RevisionConflict ? deviceChanged(await findDevice(hub, name)) : error;
    });
    await hub.fleet.devices.seen(revision);
    await cutChangedReach(hub);
    return { revision, device };
  },
);

const sameLabels = (a: Labels, b: Labels) =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
