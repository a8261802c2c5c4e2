/** Stored recordings, newest first; of one device where it is named. */
import type { Recording } from '#contracts/recording.ts';
import { reaches, reachOf } from '../auth/reach.ts';
import type { Context } from '../hub.ts';
import { findRecording } from './find-recording.ts';

export async function listRecordings({
  ctx: { hub, actor },
  input: { device },
}: {
  ctx: Context;
  input: { device?: string | undefined };
}): Promise<Recording[]> {
  const watch = await reachOf(hub, actor, 'watch');
  return (await hub.recordings.list())
    .map(({ recording }) => recording)
    .filter((recording) => (device === undefined || recording.device === device) && reaches(watch, recording.device))
    .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1));
}

export async function getRecording({ ctx, input }: { ctx: Context; input: { id: string } }): Promise<Recording> {
  return (await findRecording(ctx, input.id, 'watch')).recording;
}
