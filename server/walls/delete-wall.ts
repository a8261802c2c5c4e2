/** Deletes a saved wall. Deleting `main` gives it back as it was before anybody saved it. */
import { audited } from '../audit/audited.ts';
import { RevisionConflict } from '../kv/store.ts';
import { findWall, wallChanged } from './find-wall.ts';

export interface DeleteWallInput {
  name: string;
  /** Revision the person saw. */
  expectedRevision: number;
}

export const deleteWall = audited<DeleteWallInput, void>(
  'wall.delete',
  ({ name }) => name,
  async ({ ctx: { hub }, input: { name, expectedRevision } }) => {
    const { revision } = await findWall(hub, name);
    if (revision !== expectedRevision) throw await wallChanged(hub, name, expectedRevision);
    if (revision === 0) return;
    await hub.buckets.walls.delete(name, { expectedRevision }).catch(async (error: unknown) => {
      throw error instanceof RevisionConflict ? await wallChanged(hub, name, expectedRevision) : error;
    });
  },
);
