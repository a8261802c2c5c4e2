/** Keeps `desired-state` and `desired-index` as the deployments want them. Level-triggered: it looks at everything each time. */
import { BUCKET, CONTROLLER_NAME, desiredKey, HEADER } from '#contracts/buckets.ts';
import type { Hub } from '../hub.ts';
import { type PublishOptions, publish, type Store } from '../kv/store.ts';
import { applyWrites } from './apply-writes.ts';
import { type DesiredWrite, planDesired } from './plan-desired.ts';
import { type IndexWrite, planIndices } from './plan-indices.ts';

/** One pass. The index comes after the keys, so that it never names one that is not there. */
export async function reconcileDesired({ fleet: view, log, store }: Hub): Promise<void> {
  const writes = planDesired({
    deployments: view.wanted,
    devices: view.registered.filter(({ keptOut }) => !keptOut),
    keys: [...view.desired.entries.values()],
    unreadable: view.unreadable,
    tombstones: view.desired.tombstones,
  });
  const keys = await applyWrites(writes, (write) => writeKey(store, write));
  if (writes.length > 0) log.info({ keys: writes.length, overtaken: keys.overtaken }, 'desired-state written');
  await view.desired.seen(keys.lastRevision);
  const indexWrites = planIndices({
    devices: view.registered.map(({ name }) => name),
    keys: [...view.desired.entries.values()],
    indices: [...view.indices.entries.values()],
    tombstones: view.indices.tombstones,
  });
  const indices = await applyWrites(indexWrites, (write) => writeIndex(store, write));
  await view.indices.seen(indices.lastRevision);
  if (keys.overtaken + indices.overtaken > 0) view.requestResync();
}

/** What fails comes again with the next pass. */
const ONCE: PublishOptions = { attempts: 1 };

function writeKey(store: Store, write: DesiredWrite): Promise<number> {
  const subject = `$KV.${BUCKET.desiredState}.${desiredKey(write.device, write.deployment)}`;
  const { expectedRevision } = write;
  const mark = { [HEADER.controller]: CONTROLLER_NAME };
  if (write.kind === 'delete')
    return publish(store, subject, '', { ...ONCE, expectedRevision, headers: { ...mark, 'KV-Operation': 'DEL' } });
  const headers = { ...mark, [HEADER.generation]: String(write.generation) };
  return publish(store, subject, write.text, { ...ONCE, expectedRevision, headers });
}

function writeIndex(store: Store, { index, expectedRevision }: IndexWrite): Promise<number> {
  const subject = `$KV.${BUCKET.desiredIndex}.${index.device}`;
  return publish(store, subject, JSON.stringify(index), { ...ONCE, expectedRevision });
}
