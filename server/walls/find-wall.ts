/** A saved wall as it is now, or the problem that there is none. `main` is always there, also before anybody saved it. */
import type { WallEntry } from '#contracts/api-walls.ts';
import { isName } from '#contracts/name.ts';
import { ProblemError } from '#contracts/problem.ts';
import { EMPTY_WALL, MAIN_WALL, type Wall } from '#contracts/wall.ts';
import { wallName } from '../auth/describe-session.ts';
import { type Reached, reaches } from '../auth/reach.ts';
import type { Hub } from '../hub.ts';
import type { Entry } from '../kv/bucket.ts';

type Buckets = Pick<Hub, 'buckets'>;

export const toWallEntry = ({ revision, value: wall }: Entry<Wall>): WallEntry => ({ revision, wall });

/** Without the names of devices that whoever asks does not see. */
export function seenWall({ revision, wall }: WallEntry, see: Reached): WallEntry {
  const seen = (device: string) => reaches(see, device);
  const faces = Object.fromEntries(Object.entries(wall.faces).filter(([device]) => seen(device)));
  return { revision, wall: { ...wall, order: wall.order.filter(seen), pinned: wall.pinned.filter(seen), faces } };
}

/** undefined: no wall of this name. */
export async function readWall(hub: Buckets, name: string): Promise<WallEntry | undefined> {
  const entry = isName(name) ? await hub.buckets.walls.get(name) : undefined;
  if (entry) return toWallEntry(entry);
  return name === MAIN_WALL ? unsavedMain(hub) : undefined;
}

export async function unsavedMain(hub: Buckets): Promise<WallEntry> {
  return { revision: 0, wall: { ...EMPTY_WALL, name: MAIN_WALL, title: await wallName(hub) } };
}

export async function findWall(hub: Buckets, name: string): Promise<WallEntry> {
  const entry = await readWall(hub, name);
  if (entry) return entry;
  throw new ProblemError(
    'not-found',
    `No wall is called ${JSON.stringify(name)}.`,
    'Your devices are not affected. Open the main wall and choose one of its saved walls.',
  );
}

/** Somebody else was faster. `current` is what they saved, for the comparison. */
export async function wallChanged(hub: Buckets, name: string, expectedRevision: number): Promise<ProblemError> {
  const current = await readWall(hub, name);
  if (!current)
    return new ProblemError(
      'precondition-failed',
      `The wall ${name} was deleted by somebody else in the meantime.`,
      'Your change was not saved and no device is affected. Save it as a new wall, or leave it deleted.',
    );
  const happened = expectedRevision === 0 ? 'is saved already' : 'was changed by somebody else in the meantime';
  return new ProblemError(
    'precondition-failed',
    `The wall ${name} ${happened}.`,
    'Your change was not saved and no device is affected. Look at the newest wall, then save again.',
    { current },
  );
}
