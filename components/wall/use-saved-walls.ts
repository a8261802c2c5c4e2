'use client';
/** All saved walls, live: read over REST, then changed by what the hub tells everybody who looks. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type * as z from 'zod';
import type { WallEntry, WallList } from '#contracts/api-walls.ts';
import { subjects } from '#contracts/subjects.ts';
import { MAIN_WALL, Wall } from '#contracts/wall.ts';
import { api } from '../live/api-client.ts';
import { useLink } from '../live/use-wall.ts';

const KEY = ['walls'];
type Walls = z.infer<typeof WallList>;

export interface SavedWalls {
  /** undefined until the hub has answered or refused. */
  entries: readonly WallEntry[] | undefined;
  put(entry: WallEntry): void;
  reload(): void;
}

export function useSavedWalls(): SavedWalls {
  const queries = useQueryClient();
  const link = useLink();
  const { data, isError } = useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.walls(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const reload = () => void queries.invalidateQueries({ queryKey: KEY });

  useEffect(() => {
    if (!link) return undefined;
    const heard = link.connection.subscribe(subjects.wall.layout, {
      callback: (error, message) => {
        if (error) return;
        const name = message.subject.split('.')[2] ?? '';
        const revision = Number(message.headers?.get('Nats-Sequence'));
        const gone = Boolean(message.headers?.get('KV-Operation') || message.headers?.get('Nats-Marker-Reason'));
        const wall = gone ? undefined : parseWall(message.string());
        // `main` is never gone, it only becomes as it was at first: the hub knows how that is.
        if (gone && name === MAIN_WALL) void queries.invalidateQueries({ queryKey: KEY });
        else if (revision > 0 && (gone || wall?.name === name))
          queries.setQueryData<Walls>(
            KEY,
            (before) => before && { items: merged(before.items, name, wall && { revision, wall }) },
          );
      },
    });
    // Whatever was changed while no link stood.
    void queries.invalidateQueries({ queryKey: KEY });
    return () => {
      if (!link.connection.isClosed()) heard.unsubscribe();
    };
  }, [link, queries]);

  return {
    entries: data?.items ?? (isError ? [] : undefined),
    put: (entry) =>
      queries.setQueryData<Walls>(KEY, (before) => ({ items: merged(before?.items ?? [], entry.wall.name, entry) })),
    reload,
  };
}

function merged(items: readonly WallEntry[], name: string, entry: WallEntry | undefined): WallEntry[] {
  const known = items.find(({ wall }) => wall.name === name);
  if (!entry) return items.filter(({ wall }) => wall.name !== name);
  if (!known) return [...items, entry].sort((a, b) => order(a.wall.name, b.wall.name));
  return entry.revision > known.revision ? items.map((one) => (one === known ? entry : one)) : [...items];
}

const order = (a: string, b: string): number => Number(b === MAIN_WALL) - Number(a === MAIN_WALL) || a.localeCompare(b);

function parseWall(text: string): Wall | undefined {
  try {
    return Wall.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
