/** Saves a wall against the revision its author saw, and only if anything changed. */
import { isDeepStrictEqual } from 'node:util';
import type { WallEntry } from '#contracts/api-walls.ts';
import { ProblemError } from '#contracts/problem.ts';
import { MAIN_WALL, type Wall } from '#contracts/wall.ts';
import { audited } from '../audit/audited.ts';
import type { Hub } from '../hub.ts';
import { RevisionConflict } from '../kv/store.ts';
import { wallChanged } from './find-wall.ts';

export interface PutWallInput {
  name: string;
  wall: Wall;
  /** The revision its author saw; 0: it is not saved yet. */
  expectedRevision: number;
}

export interface PutWallResult {
  entry: WallEntry;
  outcome: 'created' | 'changed' | 'unchanged';
}

const MOST_WALLS = 200;

export const putWall = audited<PutWallInput, PutWallResult>(
  'wall.put',
  ({ name }) => name,
  async ({ ctx: { hub }, input: { name, wall, expectedRevision } }) => {
    if (wall.name !== name)
      throw new ProblemError(
        'invalid',
        `This wall says it is called ${wall.name}, and it was sent as ${JSON.stringify(name)}.`,
        'Nothing was saved and no device is affected. Use the same name in both places.',
        { issues: [{ path: ['name'], severity: 'error', message: `It has to be ${JSON.stringify(name)}.` }] },
      );
    const { walls } = hub.buckets;
    const current = await walls.get(name);
    if ((current?.revision ?? 0) !== expectedRevision) throw await wallChanged(hub, name, expectedRevision);
    if (current && isDeepStrictEqual(current.value, wall))
      return { entry: { revision: current.revision, wall }, outcome: 'unchanged' };
    if (!current) await requireRoom(hub, name);
    const write = current ? walls.put(name, wall, { expectedRevision }) : walls.create(name, wall);
    const revision = await write.catch(async (error: unknown) => {
      throw error instanceof RevisionConflict ? await wallChanged(hub, name, expectedRevision) : error;
    });
    return { entry: { revision, wall }, outcome: current ? 'changed' : 'created' };
  },
);

async function requireRoom({ buckets }: Hub, name: string): Promise<void> {
  if (name === MAIN_WALL || (await buckets.walls.list()).length < MOST_WALLS) return;
  throw new ProblemError(
    'conflict',
    `There are ${MOST_WALLS} saved walls, and more are not kept.`,
    'Nothing was saved and no device is affected. Delete a wall nobody uses, then save again.',
  );
}
