/**
 * Writes into the record what devices say of their terminals and desktops: opened, taken control of, ended. For as long as this anchor leads; where
 * the one before it stopped is marked on its last line, so that each is written once.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { STREAM } from '#contracts/buckets.ts';
import type { DeviceEvent } from '#contracts/event.ts';
import { toEvent } from '../devices/device-events.ts';
import type { Hub } from '../hub.ts';
import { followStream, type StoredMessage } from '../kv/follow-stream.ts';
import { whenAborted } from '../kv/when-aborted.ts';

const ACTION: Partial<Record<DeviceEvent['kind'], string>> = {
  'terminal-opened': 'terminal.open',
  'terminal-control': 'terminal.control',
  'terminal-ended': 'terminal.end',
  'screen-control': 'screen.control',
  'screen-ended': 'screen.end',
};
/** On a line of the record: the event it tells. */
const MARK = 'Scorewall-Event';
const LOOK_BACK_MS = 86_400_000;
const RETRY_MS = 1_000;
/** Of one device: it says what it wants, and must not fill the disk. */
const MOST_A_MINUTE = 60;

export async function followTerminals(hub: Hub, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await follow(hub, signal);
    } catch (error) {
      if (!signal.aborted)
        hub.log.warn({ err: error }, 'what happens in terminals and on desktops is not recorded; trying again');
    }
    await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
  }
}

async function follow(hub: Hub, signal: AbortSignal): Promise<void> {
  const aborted = whenAborted(signal);
  const done = await lastTold(hub);
  const include = done === undefined ? new Date() : new Date(Date.now() - LOOK_BACK_MS);
  const counts = new Map<string, number>();
  let minute = 0;
  const following = await followStream(hub.store, STREAM.events, { filter: 'event.*', include }, (message) => {
    if (message.revision <= (done ?? 0)) return;
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) counts.clear();
    minute = now;
    for (const event of toEvent(message)) {
      const action = ACTION[event.kind];
      const count = (counts.get(event.device) ?? 0) + 1;
      if (!action || count > MOST_A_MINUTE) continue;
      counts.set(event.device, count);
      void tell(hub, action, event, message);
    }
  });
  try {
    await Promise.race([following.ended, aborted]);
  } finally {
    following.stop();
  }
}

async function tell(hub: Hub, action: string, event: DeviceEvent, { revision }: StoredMessage): Promise<void> {
  const { device, deployment, service, by } = event;
  const place = service ? `${device}/${deployment}/${service}` : device;
  const line = { at: event.at, user: by ?? device, via: 'device' as const, action, target: place, result: 'ok' };
  await hub.audit
    .append(line, { [MARK]: String(revision) })
    .catch((error: unknown) => hub.log.error({ err: error, audit: line }, 'an audit record could not be stored'));
}

/** undefined: nothing was ever told. */
async function lastTold({ store }: Hub): Promise<number | undefined> {
  const marks = await Promise.all(
    Object.values(ACTION).map(async (action) => {
      const last = await store.manager.streams
        .getMessage(STREAM.audit, { last_by_subj: `audit.${action}` })
        .catch(() => undefined);
      return Number(last?.header?.get(MARK) ?? 0);
    }),
  );
  return Math.max(...marks) || undefined;
}
