/** What a person without the right to change walls changed for this browser alone, and what concerns one screen only. */
import { EMPTY_WALL } from '#contracts/wall-defaults.ts';
import type { Density } from './grid.ts';
import type { WallPart } from './wall-history.ts';

const keyOf = (wall: string) => `scorewall.wall.${wall}`;

/** Only fields a wall has, and only of the kind they are: an older page may have written something else. */
export function readKept(wall: string): WallPart {
  const kept = read(keyOf(wall));
  if (!kept || typeof kept !== 'object') return {};
  const right = Object.entries(kept).filter(([key, value]) => {
    const usual = EMPTY_WALL[key as keyof typeof EMPTY_WALL];
    if (key === 'group') return value === null || typeof value === 'string';
    return usual !== undefined && typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual);
  });
  return Object.fromEntries(right) as WallPart;
}

export function writeKept(wall: string, part: WallPart): void {
  write(keyOf(wall), Object.keys(part).length > 0 ? part : undefined);
}

export type TileDensities = Readonly<Record<string, Density>>;

/** Sizes of single tiles. */
export function readTileDensities(wall: string): TileDensities {
  const kept = read(`${keyOf(wall)}.tiles`);
  if (!kept || typeof kept !== 'object') return {};
  return Object.fromEntries(Object.entries(kept).filter(([, size]) => size === 'S' || size === 'M' || size === 'L'));
}
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
