/** The content of a recording. Who watched what is written down. */
import type { Recording } from '#contracts/recording.ts';
import { audited } from '../audit/audited.ts';
import { findRecording } from './find-recording.ts';

export interface Playback {
  recording: Recording;
  bytes: number;
  content: ReadableStream<Uint8Array>;
}

export const playRecording = audited<{ id: string }, Playback>(
  'recording.play',
  ({ id }) => id,
  async ({ ctx, input: { id } }) => {
    const stored = await findRecording(ctx, id, 'watch');
    return { recording: stored.recording, bytes: stored.bytes, content: ctx.hub.recordings.read(stored) };
  },
);
