/** Deletes a recording before its time. */
import { audited } from '../audit/audited.ts';
import { findRecording } from './find-recording.ts';

export const deleteRecording = audited<{ id: string }, void>(
  'recording.delete',
  ({ id }) => id,
  async ({ ctx, input: { id } }) => {
    await findRecording(ctx, id, 'manage');
    await ctx.hub.recordings.delete(id);
  },
);
