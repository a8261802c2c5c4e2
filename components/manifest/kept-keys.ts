/** Finds keys that are no part of a manifest and are kept as they are: under `metadata`, and those that start with `x-`. */
import { DeploymentMetadata } from '#contracts/deployment.ts';
import type { Path } from './locate.ts';

interface KeptKey {
  path: Path;
  message: string;
}

export function keptKeys(value: unknown, path: Path = []): KeptKey[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => keptKeys(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  const inMetadata = path.length === 1 && path[0] === 'metadata';
  return Object.entries(value).flatMap(([key, child]): KeptKey[] => {
    const here = [...path, key];
    const unknown = inMetadata && !(key in DeploymentMetadata.shape);
    if (unknown || (key.startsWith('x-') && !isFreeMap(path)))
      return [{ path: here, message: `${key} is not part of the manifest. Kept as is.` }];
    if (path.length === 0 && key === 'status')
      return [{ path: here, message: 'status is written by the hub. What stands here is ignored.' }];
    return keptKeys(child, here);
  });
}

/** In these maps any key has a meaning of its own. */
const isFreeMap = (path: Path) => ['labels', 'annotations', 'env', 'targetSelector'].includes(String(path.at(-1)));
