/** Routes of recordings. */
import { createRoute, z } from '@hono/zod-openapi';
import { RecordingList } from '#contracts/api-walls.ts';
import { Name } from '#contracts/name.ts';
import { Recording } from '#contracts/recording.ts';
import { deleteRecording } from '../../recordings/delete-recording.ts';
import { getRecording, listRecordings } from '../../recordings/list-recordings.ts';
import { playRecording } from '../../recordings/play-recording.ts';
import { answers, problem } from '../answers.ts';
import { type Api, contextOf } from '../environment.ts';

const tags = ['recordings'];
const params = z.object({ id: z.string() });
const FORM = {
  terminal: { type: 'application/x-asciicast', extension: 'cast' },
  screen: { type: 'application/x-ndjson', extension: 'ndjson' },
} as const;
const text = { schema: z.string() };

const getAll = createRoute({
  method: 'get',
  path: '/recordings',
  tags,
  summary: 'Recordings of terminals and screens, newest first',
  request: { query: z.object({ device: Name.optional() }) },
  responses: answers(RecordingList, 'The recordings.'),
});
const getOne = createRoute({
  method: 'get',
  path: '/recordings/{id}',
  tags,
  summary: 'What is known of one recording',
  request: { params },
  responses: answers(Recording, 'The recording.'),
});
const getContent = createRoute({
  method: 'get',
  path: '/recordings/{id}/content',
  tags,
  summary: 'The recording itself: asciicast v3 of a terminal, lines of JSON of a screen',
  request: { params },
  responses: {
    200: { description: 'Its content.', content: { 'application/x-asciicast': text, 'application/x-ndjson': text } },
    default: problem,
  },
});
const remove = createRoute({
  method: 'delete',
  path: '/recordings/{id}',
  tags,
  summary: 'Delete a recording before its time',
  request: { params },
  responses: { 204: { description: 'Deleted.' }, default: problem },
});

export function recordingRoutes(api: Api): void {
  api.openapi(getAll, async (c) =>
    c.json({ items: await listRecordings({ ctx: contextOf(c), input: c.req.valid('query') }) }, 200),
  );
  api.openapi(getOne, async (c) => c.json(await getRecording({ ctx: contextOf(c), input: c.req.valid('param') }), 200));
  api.openapi(getContent, async (c) => {
    const { recording, bytes, content } = await playRecording({ ctx: contextOf(c), input: c.req.valid('param') });
    const { type, extension } = FORM[recording.kind];
    // Saved rather than shown where somebody opens the address itself: what is in it was written by a device.
    return c.body(content, 200, {
      'Content-Type': type,
      'Content-Length': String(bytes),
      'Content-Disposition': `attachment; filename="${recording.device}-${recording.id}.${extension}"`,
      'X-Content-Type-Options': 'nosniff',
    });
  });
  api.openapi(remove, async (c) => {
    await deleteRecording({ ctx: contextOf(c), input: c.req.valid('param') });
    return c.body(null, 204);
  });
}
