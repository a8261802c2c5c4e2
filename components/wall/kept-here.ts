/** What a person without the right to change walls changed for this browser alone, and what concerns one screen only. */
import * as z from 'zod';
import { Wall } from '#contracts/wall.ts';
import type { WallPart } from './wall-history.ts';

const Kept = Wall.omit({ name: true }).partial();

const keyOf = (wall: string) => `scorewall.wall.${wall}`;

export function readKept(wall: string): WallPart {
  return Kept.safeParse(read(keyOf(wall))).data ?? {};
}

export function writeKept(wall: string, part: WallPart): void {
  write(keyOf(wall), Object.keys(part).length > 0 ? part : undefined);
}

const Densities = z.record(z.string(), z.enum(['S', 'M', 'L']));
export type TileDensities = z.infer<typeof Densities>;

/** Sizes of single tiles. */
export const readTileDensities = (wall: string): TileDensities => Densities.safeParse(read(`${keyOf(wall)}.tiles`)).data ?? {};
export const writeTileDensities = (wall: string, sizes: TileDensities): void => write(`${keyOf(wall)}.tiles`, sizes);

export function read(key: string, storage?: Storage): unknown {
  try {
    return JSON.parse((storage ?? localStorage).getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

export function write(key: string, value: unknown, storage?: Storage): void {
  try {
    const kept = storage ?? localStorage;
    if (value === undefined) kept.removeItem(key);
    else kept.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing still shows the choice until the page closes.
  }
}
