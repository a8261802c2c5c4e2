/**
 * One visit to one device: what it has recorded is stored, and only then deleted there. Doing it again changes nothing.
 * What a device says counts for itself only.
 */
import type { Logger } from 'pino';
import type { Recording } from '#contracts/recording.ts';
import type { RecorderLink } from './recorder-link.ts';
import type { RecordingStore } from './recording-store.ts';

export const MAX_RECORDING_BYTES = 200 * 1024 * 1024;
/** Of one visit; the rest waits for the next. */
const MOST_RECORDINGS = 100;

export interface Visit {
  device: string;
  link: RecorderLink;
  recordings: RecordingStore;
  log: Logger;
  signal: AbortSignal;
}

/** How many were stored. */
export async function fetchRecordings(visit: Visit): Promise<number> {
  const { device, link, signal } = visit;
  let stored = 0;
  for (const recording of (await link.list(device)).slice(0, MOST_RECORDINGS)) {
    signal.throwIfAborted();
    if (await fetchOne(visit, recording)) stored++;
  }
  return stored;
}

async function fetchOne({ device, link, recordings, log, signal }: Visit, recording: Recording): Promise<boolean> {
  const { id, bytes } = recording;
  const refuse = (why: string): false => {
    log.warn({ device, recording: id }, `a recording was left on its device: ${why}`);
    return false;
  };
  if (recording.device !== device) return refuse('it names another device');
  if (bytes > MAX_RECORDING_BYTES) return refuse('it is too large');
  const found = await recordings.find(id);
  const owner = found?.state === 'stored' ? found.stored.recording.device : found?.device;
  if (owner !== undefined && owner !== device) return refuse('another device has one of this id');
  if (!found) await recordings.put(recording, link.read(device, id, signal));
  await link.delete(device, id);
  return !found;
}
