'use client';
/** All saved walls, live: read over REST, then changed by what the hub tells everybody who looks. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { WallEntry } from '#contracts/api-walls.ts';
import { MAIN_WALL } from '#contracts/wall-defaults.ts';
import { useLink } from '../live/use-wall.ts';

const KEY = ['walls'];
interface Walls {
  items: WallEntry[];
}

interface SavedWalls {
  /** undefined until the hub has answered or refused. */
  entries: readonly WallEntry[] | undefined;
  put(entry: WallEntry): void;
  reload(): void;
}

const loadIo = () => import('./walls-io.ts');

export function useSavedWalls(): SavedWalls {
  const queries = useQueryClient();
  const link = useLink();
  const { data, isError } = useQuery<Walls>({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await loadIo()).wallsApi.read(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
  const reload = () => void queries.invalidateQueries({ queryKey: KEY });

  useEffect(() => {
    if (!link) return undefined;
    let stop: (() => void) | undefined;
    let gone = false;
    void loadIo().then(({ hearWalls }) => {
      if (gone || link.connection.isClosed()) return;
      stop = hearWalls(link, ({ name, revision, wall }) => {
        // `main` is never gone, it only becomes as it was at first: the hub knows how that is.
        if (!wall && name === MAIN_WALL) void queries.invalidateQueries({ queryKey: KEY });
        else
          queries.setQueryData<Walls>(
            KEY,
            (before) => before && { items: merged(before.items, name, wall && { revision, wall }) },
          );
      });
      // Whatever was changed while no link stood.
      void queries.invalidateQueries({ queryKey: KEY });
    });
    return () => {
      gone = true;
      stop?.();
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
