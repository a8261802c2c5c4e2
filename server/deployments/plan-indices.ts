/** Decides which device indices to write: the index follows the bucket, whoever wrote there. Pure. */
import type { DesiredIndex } from '#contracts/desired-index.ts';
import type { DesiredKey } from './plan-desired.ts';

/** A device's index as it is; `keys` is absent where the stored value cannot be read. */
export interface StoredIndex {
  device: string;
  keys: DesiredIndex['keys'] | undefined;
  revision: number;
}

export interface IndexWrite {
  index: DesiredIndex;
  expectedRevision: number;
}

export interface IndexFacts {
  devices: readonly string[];
  keys: readonly Pick<DesiredKey, 'device' | 'deployment' | 'revision'>[];
  indices: readonly StoredIndex[];
  /** KV revision of deleted indices, which a new write must name. */
  tombstones?: ReadonlyMap<string, number>;
}

export function planIndices({ devices, keys, indices, tombstones }: IndexFacts): IndexWrite[] {
  const wanted = new Map<string, DesiredIndex['keys']>(devices.map((device) => [device, {}]));
  const stored = new Map(indices.map((index) => [index.device, index]));
  for (const { device, deployment, revision } of keys) {
    const entries = wanted.get(device) ?? {};
    entries[deployment] = revision;
    wanted.set(device, entries);
  }
  // A device that nobody registered learns from an empty index, too, that its last key is gone.
  for (const { device } of indices) if (!wanted.has(device)) wanted.set(device, {});
  return [...wanted].flatMap(([device, entries]) => {
    const before = stored.get(device);
    if (before?.keys && sameEntries(before.keys, entries)) return [];
    return [{ index: { device, keys: entries }, expectedRevision: before?.revision ?? tombstones?.get(device) ?? 0 }];
  });
}

function sameEntries(a: DesiredIndex['keys'], b: DesiredIndex['keys']): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
