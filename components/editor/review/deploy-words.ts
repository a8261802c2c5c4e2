/** Words of the review: what the button does, how many devices it reaches and when. Pure. */
import type { Review } from '#contracts/api.ts';
import type { Aggregate } from '#contracts/deployment.ts';
import { devices, names } from '../../manifest/device-words.ts';

type Targets = Pick<Review, 'targets' | 'removedFrom'>;

export function deployWords({ targets, removedFrom }: Targets): string {
  const now = targets.filter((target) => target.online).length;
  const later = targets.length - now;
  if (targets.length === 0)
    return removedFrom.length > 0 ? `Remove from ${devices(removedFrom.length)}` : 'Save: no device gets it yet';
  if (later === 0) return `Deploy to ${devices(now)}`;
  return now === 0 ? `Deploy to ${devices(later)} later` : `Deploy to ${now} now, ${later} later`;
}

/** `3 devices: 2 get it now, Shellfish is offline and will catch up. Octavia loses it.` */
export function dryRunSum({ targets, removedFrom }: Targets): string {
  const now = targets.filter((target) => target.online);
  const offline = targets.filter((target) => !target.online && target.known).map((target) => target.device);
  const unknown = targets.filter((target) => !target.known).map((target) => target.device);
  const sentences = [
    targets.length === 0
      ? 'No device gets it.'
      : `${devices(targets.length)}: ${now.length === targets.length ? (now.length === 1 ? 'it gets it now.' : 'all get it now.') : `${now.length} now.`}`,
    offline.length > 0 ? `${names(offline)} ${be(offline)} offline and will catch up.` : '',
    unknown.length > 0
      ? `${names(unknown)} ${be(unknown)} not on the wall; it waits for ${unknown.length === 1 ? 'it' : 'them'}.`
      : '',
    removedFrom.length > 0
      ? `${names(removedFrom)} ${removedFrom.length === 1 ? 'loses' : 'lose'} it and ${removedFrom.length === 1 ? 'stops' : 'stop'} its services.`
      : '',
  ];
  return sentences.filter(Boolean).join(' ');
}

export function nothingToChange(aggregate: Aggregate | undefined): string {
  return aggregate
    ? `Nothing to change: this already runs on ${aggregate.running} of ${devices(aggregate.targets)}.`
    : 'Nothing to change: exactly this is stored already.';
}

const be = (list: readonly string[]) => (list.length === 1 ? 'is' : 'are');
