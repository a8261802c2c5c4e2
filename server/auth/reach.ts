/** Which devices somebody reaches with a right, and the problem where they do not. What somebody may not see is not there for them. */
import { type Right, rightsOn, rightsOnFleet } from '#contracts/access.ts';
import { type Deployment, matchTargets } from '#contracts/deployment.ts';
import { type Device, displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { findDevice, noSuchDevice } from '../devices/find-device.ts';
import type { Actor, Context, Hub } from '../hub.ts';
import type { Entry } from '../kv/bucket.ts';

type Labels = Readonly<Record<string, string>>;
type Spec = Pick<Deployment['spec'], 'targetDevices' | 'targetSelector'>;
interface Target {
  name: string;
  labels: Labels;
}

/** `all`: every device that is and will be there. */
export type Reached = 'all' | ReadonlySet<string>;

export const reaches = (reach: Reached, device: string): boolean => reach === 'all' || reach.has(device);

export const hasOnFleet = ({ grants }: Pick<Actor, 'grants'>, right: Right): boolean => rightsOnFleet(grants).includes(right);

export const hasOn = ({ grants }: Pick<Actor, 'grants'>, right: Right, labels: Labels): boolean =>
  rightsOn(grants, labels).includes(right);

export async function reachOf({ buckets }: Pick<Hub, 'buckets'>, actor: Pick<Actor, 'grants'>, right: Right): Promise<Reached> {
  if (hasOnFleet(actor, right)) return 'all';
  const devices = await buckets.devices.list();
  return new Set(devices.filter(({ value }) => hasOn(actor, right, value.labels)).map(({ key }) => key));
}

/** A device that this person may see and has this right on. */
export async function reachDevice({ hub, actor }: Context, name: string, right: Right): Promise<Entry<Device>> {
  const device = await findDevice(hub, name);
  if (!hasOn(actor, 'see', device.value.labels)) throw noSuchDevice(name);
  checkOn(actor, right, device.value);
  return device;
}

export function checkOn(actor: Pick<Actor, 'grants'>, right: Right, device: Target): void {
  if (!hasOn(actor, right, device.labels)) throw outOfReach([device.name]);
}

const outOfReach = (devices: readonly string[]): ProblemError =>
  new ProblemError(
    'forbidden',
    `Your rights do not reach ${devices.slice(0, 3).map(displayName).join(', ')}${devices.length > 3 ? ' and others' : ''}.`,
    'Nothing has changed. Ask whoever manages people here for a grant that does.',
  );

/** How much of a deployment somebody sees: all it goes to, some of it, or nothing. */
export function visibilityOf(spec: Spec, devices: readonly Target[], see: Reached): 'whole' | 'part' | 'none' {
  if (see === 'all') return 'whole';
  const targets = matchTargets(spec, devices);
  const seen = targets.filter((device) => see.has(device)).length;
  if (seen === 0) return 'none';
  return seen === targets.length ? 'whole' : 'part';
}

/**
 * Whoever has rights on some devices changes only what stays within them: every device that is named, or a selector that no device
 * outside can ever match.
 */
export function checkMayDeploy(actor: Pick<Actor, 'grants'>, spec: Spec, devices: readonly Target[]): void {
  if (hasOnFleet(actor, 'deploy')) return;
  const { targetDevices, targetSelector } = spec;
  if (targetSelector && hasOn(actor, 'deploy', targetSelector)) return;
  const labelsOf = new Map(devices.map(({ name, labels }) => [name, labels]));
  const targets = targetDevices ?? matchTargets(spec, devices);
  const outside = targets.filter((name) => !hasOn(actor, 'deploy', labelsOf.get(name) ?? {}));
  if (outside.length > 0) throw outOfReach(outside);
  if (targetSelector)
    throw new ProblemError(
      'forbidden',
      'This selector could also match devices that your rights do not reach.',
      'Nothing has changed. Add the labels of your grant to it, or name the devices.',
    );
}
