/** Decides which keys of `desired-state` to write and to delete. Pure: the same facts always give the same writes. */
import { desiredKey } from '#contracts/buckets.ts';
import { type Deployment, matchTargets } from '#contracts/deployment.ts';

export interface WantedDeployment {
  name: string;
  generation: number;
  /** The exact text for its keys. */
  scoreText: string;
  spec: Pick<Deployment['spec'], 'targetDevices' | 'targetSelector'>;
}

export interface RegisteredDevice {
  name: string;
  labels: Readonly<Record<string, string>>;
}

/** A key of `desired-state` as it is. */
export interface DesiredKey {
  device: string;
  deployment: string;
  /** False: somebody else wrote it, and it is theirs. */
  ours: boolean;
  text: string;
  /** KV revision of the key; 0 where there is none. */
  revision: number;
}

/** `expectedRevision` guards each write: somebody who was faster wins, and the next plan sees what they did. */
export type DesiredWrite =
  | { kind: 'put'; device: string; deployment: string; text: string; generation: number; expectedRevision: number }
  | { kind: 'delete'; device: string; deployment: string; expectedRevision: number };

export interface DesiredFacts {
  deployments: readonly WantedDeployment[];
  devices: readonly RegisteredDevice[];
  keys: readonly DesiredKey[];
  /** Deployments and devices whose record this version cannot read: their keys stay as they are. */
  unreadable?: { deployments: ReadonlySet<string>; devices: ReadonlySet<string> };
  /** KV revision of deleted keys, which a new write must name. */
  tombstones?: ReadonlyMap<string, number>;
}

export function planDesired({ deployments, devices, keys, unreadable, tombstones }: DesiredFacts): DesiredWrite[] {
  const existing = new Map(keys.map((key) => [desiredKey(key.device, key.deployment), key]));
  const registered = new Set(devices.map(({ name }) => name));
  const wanted = new Set<string>();
  const writes: DesiredWrite[] = [];
  for (const { name: deployment, generation, scoreText: text, spec } of deployments) {
    for (const device of matchTargets(spec, devices)) {
      // A named device gets its key once it is added: until then nobody could take it away again.
      if (!registered.has(device)) continue;
      const id = desiredKey(device, deployment);
      wanted.add(id);
      const key = existing.get(id);
      if (key && (!key.ours || key.text === text)) continue;
      const expectedRevision = key?.revision ?? tombstones?.get(id) ?? 0;
      writes.push({ kind: 'put', device, deployment, text, generation, expectedRevision });
    }
  }
  for (const { device, deployment, ours, revision } of keys) {
    if (!ours || unreadable?.deployments.has(deployment) || unreadable?.devices.has(device)) continue;
    if (!wanted.has(desiredKey(device, deployment)))
      writes.push({ kind: 'delete', device, deployment, expectedRevision: revision });
  }
  return writes;
}
