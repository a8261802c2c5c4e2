/** A grant as it is typed: `viewer`, or `operator:site=berlin,role=camera`. Pure. */
import { GivenGrants } from '#contracts/access.ts';

const One = GivenGrants.element;

/** A text says what is wrong with it. */
export function readGrant(text: string): GivenGrants[number] | string {
  const [, role, labels] = /^([a-z]+)(?::(.+))?$/.exec(text.trim()) ?? [];
  const pairs = labels?.split(',').map((pair) => /^([^=]+)=(.+)$/.exec(pair.trim())?.slice(1, 3));
  if (!role || pairs?.some((pair) => pair === undefined)) return 'Write it as viewer, or as operator:site=berlin.';
  const grant = One.safeParse(pairs ? { role, selector: Object.fromEntries(pairs as [string, string][]) } : { role });
  return grant.success ? grant.data : (grant.error.issues[0]?.message ?? 'This is no grant.');
}
