/** What one anchor does about identity for all: answers devices, calls them, keeps the copy of the ledger, and the schedule. */
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { toBase64url } from '#roadchain/bytes.ts';
import { parse } from '#roadchain/canonical.ts';
import { headPoint } from '#roadchain/device-view.ts';
import { VerdictBody } from '#roadchain/link.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { signProof } from '#roadchain/proofs.ts';
import { fileCheckpoint, newAuditHead } from '../audit/audit-head.ts';
import type { Hub } from '../hub.ts';
import { whenAborted } from '../kv/when-aborted.ts';
import { noteAlive } from './alive.ts';
import { askInBytes } from './ask.ts';
import { askToRotate, newRequest } from './ask-rotation.ts';
import { isRotating } from './identity.ts';
import { endOlderKeys } from './judge.ts';
import { keepRecord } from './keep-record.ts';
import { narrowContested } from './narrow.ts';
import { noteByHub } from './note-by-hub.ts';
import { checkpointOf } from './prove-ledger.ts';
import { IDENTITY_KEY } from './records.ts';
import { retireKeys } from './retire-keys.ts';
import { dueMs } from './schedule.ts';
import { openAnswering, openCalling, type VoiceOptions } from './voices.ts';

const LONGEST_PAUSE_MS = 30_000;
const RETRY_MS = 1_000;
const FRESH_MS = 60_000;
const FINISH_MS = 2_000;

export async function leadIdentity(hub: Hub, voices: VoiceOptions, signal: AbortSignal): Promise<void> {
  // Every part of it listens for the end.
  setMaxListeners(0, signal);
  const aborted = whenAborted(signal);
  await Promise.race([hub.identity.ledger.whenRead, aborted]);
  if (signal.aborted) return;
  await noteAlive(hub.identity);
  await Promise.all([
    persist(hub, 'the copy of the ledger is not kept', signal, () => hub.identity.ledger.lead(signal)),
    persist(hub, 'devices are not answered about their identity', signal, () => speak(hub, voices, aborted)),
    retireKeys(hub, signal),
    narrowContested(hub, signal),
    follow(hub, aborted),
    schedule(hub, signal),
    keepCheckpoints(hub, signal),
  ]);
}

/** What fails is tried again: a device waits. */
async function persist(hub: Hub, effect: string, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    try {
      await work();
    } catch (error) {
      hub.log.error({ err: error }, `${effect}; trying again`);
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}

async function speak(hub: Hub, options: VoiceOptions, aborted: Promise<void>): Promise<void> {
  const { asked, anchor, ledger } = hub.identity;
  const answering = await openAnswering(options, (device, bytes) => askInBytes(hub, device, bytes));
  const calling = await openCalling(options);
  const call = (key: string) => {
    const device = /^rotate\.(.+)$/.exec(key)?.[1];
    if (device === undefined || !isRotating(hub.identity, device)) return;
    const { req, cause, holder } = asked.entries.get(key)!;
    const standing = ledger.viewOf(device)?.standing;
    // The order itself is only for the one that was chosen, and in the answer to it.
    if (standing === 'contested' && holder) return calling.call(device, { op: 'tick' });
    if (standing !== 'active') return;
    const an = toBase64url(nodeCrypto.random(32));
    const sig = signProof(nodeCrypto, anchor.seed, 'rotate', { dev: device, req, an, cause });
    calling.call(device, { op: 'rotate', req, an, cause, sig });
  };
  hub.identity.onAsked = call;
  hub.updates.call = (device) => calling.call(device, { op: 'tick' });
  for (const key of asked.entries.keys()) call(key);
  await aborted;
  hub.identity.onAsked = () => {};
  hub.updates.call = () => {};
  await Promise.all([answering.stop(), calling.stop()]);
}

/** The records on the wall follow the ledger, whoever appended. */
async function follow(hub: Hub, aborted: Promise<void>): Promise<void> {
  const { ledger, buckets } = hub.identity;
  const keep = async (dev: string) => {
    await keepRecord(hub, dev);
    const asked = await buckets.rotates.get(IDENTITY_KEY.rotate(dev));
    const view = ledger.viewOf(dev);
    if (!asked || !view || asked.value.head === headPoint(view).head) return;
    const { ends, holder } = asked.value;
    // Whoever sealed the link of a chosen one writes next that it is trusted again, unless it ended in between.
    if (holder && view.standing === 'contested') {
      await Promise.race([sleep(FINISH_MS), aborted]);
      if (ledger.viewOf(dev)?.standing !== 'contested') return;
    }
    await buckets.rotates.delete(IDENTITY_KEY.rotate(dev), { expectedRevision: asked.revision, ttlSeconds: 3_600 });
    if (holder ? view.standing === 'contested' : ends) await endOlderKeys(hub, dev, asked.value);
  };
  const failed = (device: string) => (error: unknown) =>
    hub.log.warn(
      { err: error, device },
      'the record of a device could not follow its identity; it is tried again with the next entry',
    );
  const stop = ledger.onEntry((one) => {
    if (!one) return;
    void keep(one.dev).catch(failed(one.dev));
    if (one.entry.kind === 'verdict') noteVerdict(hub, one.dev, one.entry.verdict.body);
  });
  for (const { dev } of ledger.views()) await keep(dev).catch(failed(dev));
  await aborted;
  stop();
}

/** What a person said is in the record already. */
function noteVerdict(hub: Hub, dev: string, body: string): void {
  const verdict = parse(VerdictBody, body);
  // An older one was read again.
  if (verdict?.by !== 'hub' || Date.now() - Date.parse(verdict.at) > FRESH_MS) return;
  void noteByHub(hub, `device.${verdict.status}`, dev, 'ok');
}

async function schedule(hub: Hub, signal: AbortSignal): Promise<void> {
  const { identity, log } = hub;
  const { rotateMs } = identity.settings;
  while (!signal.aborted) {
    await sleep(Math.min(LONGEST_PAUSE_MS, Math.max(250, rotateMs / 20)), undefined, { signal }).catch(() => {});
    try {
      if (signal.aborted) return;
      await noteAlive(hub.identity);
      if (rotateMs === 0) continue;
      const due = identity.ledger
        .views()
        .filter((view) => view.standing === 'active' && !isRotating(identity, view.dev) && dueMs(view, rotateMs) <= Date.now());
      for (const view of due) await askToRotate(hub, view, { cause: 'scheduled', req: newRequest() });
    } catch (error) {
      log.warn({ err: error }, 'the schedule of identities could not be kept; trying again');
    }
  }
}

/** What the ledger and the record were, for whoever compares them later: signed when one has grown, at most so often. */
async function keepCheckpoints(hub: Hub, signal: AbortSignal): Promise<void> {
  const { buckets, ledger, settings } = hub.identity;
  let kept = '';
  while (!signal.aborted) {
    try {
      const audit = await newAuditHead(hub);
      const { size } = ledger.tree;
      const now = `${size} ${audit?.seq} ${audit?.sha256}`;
      if (now !== kept) {
        const signed = checkpointOf(hub, size, audit);
        await fileCheckpoint(hub, signed);
        await buckets.checkpoints.put(IDENTITY_KEY.checkpoint, signed);
        kept = now;
      }
    } catch (error) {
      if (!signal.aborted) hub.log.warn({ err: error }, 'the checkpoint of the ledger could not be kept; trying again');
    }
    await sleep(settings.checkpointMs, undefined, { signal }).catch(() => {});
  }
}
