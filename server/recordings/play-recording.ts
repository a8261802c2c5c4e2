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
  async ({ ctx: { hub }, input: { id } }) => {
    const stored = await findRecording(hub, id);
    return { recording: stored.recording, bytes: stored.bytes, content: hub.recordings.read(stored) };
  },
);
