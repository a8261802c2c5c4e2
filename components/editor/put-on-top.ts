/** Puts one person's changes on top of another's: theirs stay where mine did not touch the same lines. Pure. */
import { mergeEdit } from '../manifest/line-diff.ts';
import { readManifest } from '../manifest/read-manifest.ts';

/** `base` is what both started from. Where the merged text is no longer a manifest, mine is taken as it is. */
export function putOnTop(base: string, theirs: string, mine: string): string {
  const merged = mergeEdit(base, theirs, mine);
  const before = readManifest(mine);
  const after = readManifest(merged);
  return before.deployment && !after.deployment ? mine : merged;
}
