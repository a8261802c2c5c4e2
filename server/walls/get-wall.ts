/** One saved wall. */
import type { WallEntry } from '#contracts/api-walls.ts';
import type { Context } from '../hub.ts';
import { findWall } from './find-wall.ts';

export async function getWall({ ctx, input }: { ctx: Context; input: { name: string } }): Promise<WallEntry> {
  return findWall(ctx.hub, input.name);
}
