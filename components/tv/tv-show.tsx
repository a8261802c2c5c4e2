'use client';
/** What a paired TV shows: the pages of its walls, one after the other, and a line only when something is wrong. */
import { type ComponentType, useMemo } from 'react';
import type { Session } from '#contracts/api.ts';
import { MAIN_WALL } from '#contracts/wall-defaults.ts';
import type { DeviceSlotProps } from '../live/panes.tsx';
import { useDevices, useLoaded } from '../live/use-wall.ts';
import { arrange, groupsOf, isBySeat, matching } from '../wall/arrange.ts';
import { useSavedWalls } from '../wall/use-saved-walls.ts';
import { useSize } from '../wall/use-size.ts';
import { pageCount, stepsOf, tilesPerPage } from './playlist.ts';
import { TvGrid } from './tv-grid.tsx';
import { TvTrouble } from './tv-trouble.tsx';
import { useAwake } from './use-awake.ts';
import { useShow } from './use-show.ts';

const DEFAULT_SECONDS = 30;

export function TvShow({ session, caption }: { session: Session; caption: ComponentType<DeviceSlotProps> }) {
  const [ref, size] = useSize();
  const loaded = useLoaded();
  const all = useDevices();
  const { entries } = useSavedWalls();
  useAwake();

  const walls = useMemo(() => {
    const wanted = session.kind === 'tv' ? [session.wall ?? MAIN_WALL] : wantedWalls();
    const found = wanted.flatMap((name) => entries?.find(({ wall }) => wall.name === name)?.wall ?? []);
    const chosen = found.length > 0 ? found : (entries ?? []).map(({ wall }) => wall).slice(0, 1);
    return chosen.map((wall) => {
      const arranged = matching(arrange(all, wall), wall.filter);
      const devices = wall.group ? groupsOf(arranged, wall.group).flatMap((group) => group.devices) : arranged;
      return { wall, devices };
    });
  }, [session, entries, all]);
  const perPage = size ? tilesPerPage(size) : 1;
  const steps = useMemo(
    () => stepsOf(walls.map(({ wall, devices }) => ({ name: wall.name, pages: pageCount(devices.length, perPage) }))),
    [walls, perPage],
  );
  const seconds = walls.find(({ wall }) => wall.name === steps[0]?.wall)?.wall.cycleSeconds ?? DEFAULT_SECONDS;
  const show = useShow(steps, seconds, session.kind === 'person');
  const shown = walls.find(({ wall }) => wall.name === show.step?.wall);

  return (
    <>
      <TvTrouble />
      <main ref={ref} aria-label="Wall" className="relative min-h-0 flex-1">
        {size && loaded && shown && show.step ? (
          <TvGrid
            size={size}
            wall={shown.wall}
            devices={shown.devices.slice(show.step.page * perPage, (show.step.page + 1) * perPage)}
            total={shown.devices.length}
            bySeat={isBySeat(shown.wall) && show.step.pages === 1}
            words={show.words}
            caption={caption}
          />
        ) : (
          <p role="status" className="flex h-full items-center justify-center text-20">
            Asking the hub for its devices.
          </p>
        )}
      </main>
      {steps.length > 1 ? (
        <div aria-hidden="true" className="h-1 shrink-0 bg-raised">
          <div
            className={show.held ? 'h-full bg-st-grey' : 'h-full bg-accent'}
            style={{ width: `${Math.round(show.progress * 100)}%` }}
          />
        </div>
      ) : null}
    </>
  );
}

/** A person says in the address which walls: `/tv?wall=main` or `/tv?wall=main,berlin`. */
function wantedWalls(): string[] {
  return (new URLSearchParams(window.location.search).get('wall') ?? MAIN_WALL).split(',').filter(Boolean);
}
