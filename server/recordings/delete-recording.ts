/** Deletes a recording before its time. */
import { audited } from '../audit/audited.ts';
import { findRecording } from './find-recording.ts';

export const deleteRecording = audited<{ id: string }, void>(
  'recording.delete',
  ({ id }) => id,
  async ({ ctx: { hub }, input: { id } }) => {
    await findRecording(hub, id);
    await hub.recordings.delete(id);
  },
);
