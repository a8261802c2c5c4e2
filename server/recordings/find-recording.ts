/** A stored recording, or the problem that there is none. */
import { ProblemError } from '#contracts/problem.ts';
import { RecordingId } from '#contracts/recording.ts';
import type { Hub } from '../hub.ts';
import type { StoredRecording } from './recording-store.ts';

export async function findRecording({ recordings }: Hub, id: string): Promise<StoredRecording> {
  const found = RecordingId.safeParse(id).success ? await recordings.find(id) : undefined;
  if (found?.state === 'stored') return found.stored;
  throw new ProblemError(
    'not-found',
    'There is no such recording.',
    'No device is affected. Recordings are kept for 30 days at most; see which there are with: scorewall recordings list',
  );
}
