/** Keeps each deployment's `.status` as the devices report it, and writes only what changed. */
import { BUCKET } from '#contracts/buckets.ts';
import { matchTargets } from '#contracts/deployment.ts';
import type { PresenceTracker } from '../devices/presence-tracker.ts';
import { sightingOf } from '../devices/sighting.ts';
import type { Hub } from '../hub.ts';
import { publish, type Store } from '../kv/store.ts';
import { applyWrites } from './apply-writes.ts';
import { buildStatus } from './build-status.ts';
import { deviceProgress } from './device-progress.ts';
import type { FleetView } from './fleet-view.ts';
import type { DesiredKey } from './plan-desired.ts';

interface StatusWrite {
  name: string;
  /** undefined: the deployment is gone. */
  text: string | undefined;
  expectedRevision: number;
}

export async function reconcileStatus({ fleet: view, presence, store }: Hub, nowMs: number): Promise<void> {
  const writes = [...planStatuses(view, presence, nowMs), ...planRemovals(view)];
  const { lastRevision, overtaken } = await applyWrites(writes, (write) => writeStatus(store, write));
  await view.deploymentStatuses.seen(lastRevision);
  if (overtaken > 0) view.requestResync();
}

function planStatuses(view: FleetView, presence: PresenceTracker, nowMs: number): StatusWrite[] {
  const devices = view.registered;
  const registered = new Set(devices.map(({ name }) => name));
  const keysOf = groupByDeployment(view.desired.entries.values());
  return view.wanted.flatMap((deployment) => {
    const stored = view.deploymentStatuses.entries.get(deployment.name);
    const targets = matchTargets(deployment.spec, devices);
    const keys = keysOf.get(deployment.name) ?? new Map<string, DesiredKey>();
    const progress = targets.map((device) =>
      deviceProgress({
        device,
        deployment: deployment.name,
        scoreText: deployment.scoreText,
        key: keys.get(device),
        sighting: sightingOf(view.statuses.entries.get(device), presence.of(device), presence.known),
        nowMs,
      }),
    );
    const unregistered = targets.filter((device) => !registered.has(device));
    const facts = { deployment, progress, keys: [...keys.values()], unregistered, nowMs };
    const text = JSON.stringify(buildStatus({ ...facts, previous: stored?.value }));
    if (stored?.text === text) return [];
    const tombstone = view.deploymentStatuses.tombstones.get(deployment.name);
    return [{ name: deployment.name, text, expectedRevision: stored?.revision ?? tombstone ?? 0 }];
  });
}

function planRemovals(view: FleetView): StatusWrite[] {
  return [...view.deploymentStatuses.entries].flatMap(([name, { revision }]) =>
    view.deployments.entries.has(name) ? [] : [{ name, text: undefined, expectedRevision: revision }],
  );
}

function writeStatus(store: Store, { name, text, expectedRevision }: StatusWrite): Promise<number> {
  const subject = `$KV.${BUCKET.deploymentStatus}.${name}`;
  const once = { expectedRevision, attempts: 1 };
  if (text === undefined) return publish(store, subject, '', { ...once, headers: { 'KV-Operation': 'DEL' } });
  return publish(store, subject, text, once);
}

function groupByDeployment(keys: Iterable<DesiredKey>): Map<string, Map<string, DesiredKey>> {
  const groups = new Map<string, Map<string, DesiredKey>>();
  for (const key of keys) {
    const group = groups.get(key.deployment) ?? new Map<string, DesiredKey>();
    groups.set(key.deployment, group.set(key.device, key));
  }
  return groups;
}
