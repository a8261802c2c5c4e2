/** All saved walls, `main` first, then by name. */
import type { WallEntry } from '#contracts/api-walls.ts';
import { MAIN_WALL } from '#contracts/wall.ts';
import { reachOf } from '../auth/reach.ts';
import type { Context } from '../hub.ts';
import { seenWall, toWallEntry, unsavedMain } from './find-wall.ts';

export async function listWalls({ ctx: { hub, actor } }: { ctx: Context }): Promise<WallEntry[]> {
  const saved = (await hub.buckets.walls.list()).map(toWallEntry);
  const main = saved.find(({ wall }) => wall.name === MAIN_WALL) ?? (await unsavedMain(hub));
  const others = saved.filter(({ wall }) => wall.name !== MAIN_WALL);
  const see = await reachOf(hub, actor, 'see');
  return [main, ...others.sort((a, b) => (a.wall.name < b.wall.name ? -1 : 1))].map((entry) => seenWall(entry, see));
}
