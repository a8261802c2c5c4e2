/** Saved walls over the wire: read and written over REST, heard over NATS, parsed here. Loaded beside the first drawing. */
import { WallEntry } from '#contracts/api-walls.ts';
import { subjects } from '#contracts/subjects.ts';
import { Wall } from '#contracts/wall.ts';
import { api } from '../live/api-client.ts';
import type { LiveLink } from '../live/live-link.ts';

export const wallsApi = { read: api.walls, put: api.putWall, delete: api.deleteWall };

/** What another person saved first, out of the refusal of one's own change. */
export const currentWall = (problem: { current: unknown }): WallEntry | undefined => WallEntry.safeParse(problem.current).data;

interface WallNews {
  name: string;
  revision: number;
  /** undefined: it was deleted. */
  wall: Wall | undefined;
}

/** Calls for every wall that is saved or deleted from now on; ends when the answer is called. */
export function hearWalls(link: LiveLink, onNews: (news: WallNews) => void): () => void {
  const heard = link.connection.subscribe(subjects.wall.layout, {
    callback: (error, message) => {
      if (error) return;
      const name = message.subject.split('.')[2] ?? '';
      const revision = Number(message.headers?.get('Nats-Sequence'));
      const gone = Boolean(message.headers?.get('KV-Operation') || message.headers?.get('Nats-Marker-Reason'));
      const wall = gone ? undefined : parseWall(message.string());
      if (revision > 0 && (gone || wall?.name === name)) onNews({ name, revision, wall });
    },
  });
  return () => {
    if (!link.connection.isClosed()) heard.unsubscribe();
  };
}

function parseWall(text: string): Wall | undefined {
  try {
    return Wall.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
