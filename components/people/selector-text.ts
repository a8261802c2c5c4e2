/** Labels as they are typed: `site=berlin, role=camera`. Pure. */
import { Labels } from '#contracts/name.ts';

/** Nothing typed: the whole fleet, so no labels. `issue`: what is wrong with it. */
export function readSelector(text: string): { selector?: Labels; issue?: string } {
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter(Boolean);
  if (pairs.length === 0) return {};
  const split = pairs.map((pair) =>
    /^([^=]+)=(.+)$/
      .exec(pair)
      ?.slice(1, 3)
      .map((part) => part.trim()),
  );
  if (split.some((pair) => pair === undefined)) return { issue: 'Write labels as site=berlin, with commas between them.' };
  const labels = Labels.safeParse(Object.fromEntries(split as [string, string][]));
  return labels.success ? { selector: labels.data } : { issue: labels.error.issues[0]?.message ?? 'These are no labels.' };
}
