/** Bodies of the REST API around saved walls and recordings. */
import * as z from 'zod';
import { Recording } from './recording.ts';
import { Wall } from './wall.ts';

export const WallEntry = z
  .object({ revision: z.number().int().describe('KV revision; 0: `main`, not saved yet. Send it back as If-Match.'), wall: Wall })
  .meta({ id: 'WallEntry' });
export type WallEntry = z.infer<typeof WallEntry>;
/** `GET /walls`; `GET | PUT | DELETE /walls/{name}` (see; deploy to change) */
export const WallList = z.object({ items: z.array(WallEntry) }).meta({ id: 'WallList' });

/** `GET /recordings?device=` newest first, `GET /recordings/{id}`, `GET /recordings/{id}/content`, `DELETE` (watch; manage to delete) */
export const RecordingList = z.object({ items: z.array(Recording) }).meta({ id: 'RecordingList' });
