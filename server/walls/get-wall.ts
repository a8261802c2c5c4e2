/** One saved wall. */
import type { WallEntry } from '#contracts/api-walls.ts';
import { reachOf } from '../auth/reach.ts';
import type { Context } from '../hub.ts';
import { findWall, seenWall } from './find-wall.ts';

export async function getWall({ ctx, input }: { ctx: Context; input: { name: string } }): Promise<WallEntry> {
  return seenWall(await findWall(ctx.hub, input.name), await reachOf(ctx.hub, ctx.actor, 'see'));
}
