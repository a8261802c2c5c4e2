/** While it is not completely known what is wanted, deployments that nobody spoke of yet are wanted as they are. Pure. */
import type { Actual } from './actual.ts';
import type { DesiredEntry } from './desired.ts';

/** `known` holds the names that are known to be wanted or not; absent where everything is known. */
export function keepUnknown(
  desired: readonly DesiredEntry[],
  known: ReadonlySet<string> | undefined,
  { containers }: Actual,
): readonly DesiredEntry[] {
  if (!known) return desired;
  const unknown = new Set([...containers.values()].map(({ deployment }) => deployment).filter((name) => !known.has(name)));
  return [...desired, ...[...unknown].map((name): DesiredEntry => ({ name, revision: 0, text: '', services: 'as-is' }))];
}
