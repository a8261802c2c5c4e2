/** A stored recording, or the problem that there is none. */
import type { Right } from '#contracts/access.ts';
import { ProblemError } from '#contracts/problem.ts';
import { RecordingId } from '#contracts/recording.ts';
import { reaches, reachOf } from '../auth/reach.ts';
import type { Context } from '../hub.ts';
import type { StoredRecording } from './recording-store.ts';

export async function findRecording({ hub, actor }: Context, id: string, right: Right): Promise<StoredRecording> {
  const found = RecordingId.safeParse(id).success ? await hub.recordings.find(id) : undefined;
  if (found?.state === 'stored' && reaches(await reachOf(hub, actor, right), found.stored.recording.device)) return found.stored;
  throw new ProblemError(
    'not-found',
    'There is no such recording.',
    'No device is affected. Recordings are kept for 30 days at most; see which there are with: scorewall recordings list',
  );
}
