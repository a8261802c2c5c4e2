/** By the leader: moves the rollout on as devices report, gives out its offers, and tells what came of them. */

import { BUCKET } from '#contracts/buckets.ts';
import type { UpdateOffer } from '#roadchain/messages.ts';
import { Coalesced } from '../deployments/coalesced.ts';
import type { Hub } from '../hub.ts';
import { noteByHub } from '../identity/note-by-hub.ts';
import { tell } from '../identity/tell.ts';
import { BucketView } from '../kv/bucket-view.ts';
import { onReconnect } from '../kv/on-reconnect.ts';
import { RevisionConflict } from '../kv/store.ts';
import { whenAborted } from '../kv/when-aborted.ts';
import { advance, type News } from './advance.ts';
import { readFacts, Steadiness } from './read-facts.ts';
import { isUnderWay, ROLLOUT_KEY, RolloutRecord } from './records.ts';

const RESYNC_MS = 45_000;
/** Time alone changes things too, while something is under way. */
const LOOK_MS = 1_000;
/** Reports within this time share a look. */
const SETTLE_MS = 100;

interface Known {
  record: RolloutRecord;
  revision: number;
}

export async function leadUpdates(hub: Hub, signal: AbortSignal): Promise<void> {
  const { fleet, identity, presence, store, log } = hub;
  await Promise.race([Promise.all([fleet.whenRead, identity.ledger.whenRead]), whenAborted(signal)]);
  if (signal.aborted) return;
  await presence.firstCount(2_000);
  const steadiness = new Steadiness();
  const watchedSinceMs = Date.now();
  const view = new BucketView<Known>(store, BUCKET.identity, decode, (key) => {
    if (key === ROLLOUT_KEY) pass.request();
  });
  const pass = new Coalesced({
    job: () => look(hub, view, steadiness, watchedSinceMs),
    settleMs: SETTLE_MS,
    onError: (error) => log.warn({ err: error }, 'the update of agents could not go on; trying again'),
  });
  const resync = new Coalesced({
    job: async () => {
      await view.resync();
      pass.request();
    },
    settleMs: 0,
    retryMs: 500,
    onError: (error) => log.warn({ err: error }, 'the update of agents could not be read; trying again'),
  });
  const stops = [
    fleet.onChange((change) => change === 'status' && pass.request()),
    presence.onChange(() => pass.request()),
    onReconnect(store.nc, () => resync.request()),
  ];
  const timers = [setInterval(() => resync.request(), RESYNC_MS), setInterval(() => pass.request(), LOOK_MS)];
  resync.request();
  await Promise.all([pass.run(signal), resync.run(signal)]);
  for (const timer of timers) clearInterval(timer);
  for (const stop of stops) stop();
  view.stop();
  hub.updates.offer(new Map());
}

async function look(hub: Hub, view: BucketView<Known>, steadiness: Steadiness, watchedSinceMs: number): Promise<void> {
  const known = view.entries.get(ROLLOUT_KEY);
  if (!known || !isUnderWay(known.record)) return void hub.updates.offer(new Map());
  const before = await besideCarried(hub, known.record);
  const limits = { ...hub.updates.settings, nowMs: Date.now(), watchedSinceMs };
  const { record, news } = advance(before, readFacts(hub, steadiness), limits);
  if (record !== known.record) {
    try {
      await view.seen(await hub.updates.rollouts.put(ROLLOUT_KEY, record, { expectedRevision: known.revision }));
    } catch (error) {
      // Somebody said something about it in between: what they wrote is looked at next.
      if (error instanceof RevisionConflict) return;
      throw error;
    }
    await report(hub, known.record, record, news);
  }
  for (const device of hub.updates.offer(offersOf(record))) hub.updates.call(device);
}

/** Devices fetch what the hub carries: with another file there, nobody would get what the rollout names. */
async function besideCarried(hub: Hub, record: RolloutRecord): Promise<RolloutRecord> {
  const carried = await hub.updates.carried();
  if (carried?.sha256 === record.sha256) return record;
  // Whoever waited for the old one is behind the new one, which is offered to people as usual.
  if (carried) return { ...record, state: 'stopped', why: `This hub carries ${carried.version} now.`, culprit: undefined };
  if (record.state === 'paused') return record;
  const why = `This hub no longer carries ${record.version}. Go on once it does, or stop this update.`;
  return { ...record, state: 'paused', why, culprit: undefined };
}

function offersOf({ state, version, sha256, sizeBytes, id, devices }: RolloutRecord): Map<string, Omit<UpdateOffer, 'sig'>> {
  if (state !== 'running') return new Map();
  return new Map(
    devices.flatMap(({ device, state: turn, from }) =>
      turn === 'updating' && from !== undefined ? [[device, { from, version, sha256, sizeBytes, rollout: id }] as const] : [],
    ),
  );
}

async function report(hub: Hub, before: RolloutRecord, after: RolloutRecord, news: readonly News[]): Promise<void> {
  for (const { device, kind, message } of news) {
    if (kind !== 'failed') tell(hub, device, kind === 'updated' ? 'agent-updated' : 'agent-returned', message);
    await noteByHub(hub, `update.${kind}`, device, 'ok');
  }
  if (before.state === after.state) return;
  hub.log.info({ version: after.version, state: after.state, why: after.why }, 'the update of agents');
  await noteByHub(hub, `update.${after.state}`, after.version, 'ok');
}

function decode(key: string, message: { revision: number; text(): string }): Known | undefined {
  if (key !== ROLLOUT_KEY) return undefined;
  try {
    const record = RolloutRecord.safeParse(JSON.parse(message.text())).data;
    return record && { record, revision: message.revision };
  } catch {
    return undefined;
  }
}
