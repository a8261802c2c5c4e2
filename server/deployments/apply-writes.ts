/** Makes many guarded writes, a bounded number at a time. Somebody who was faster is no failure: the next plan sees them. */
import { RevisionConflict } from '../kv/store.ts';

const AT_ONCE = 64;

export interface Applied {
  /** Highest revision written; 0 for none. */
  lastRevision: number;
  /** Writes that somebody else was faster than. */
  overtaken: number;
}

export async function applyWrites<T>(writes: readonly T[], write: (one: T) => Promise<number>): Promise<Applied> {
  const applied: Applied = { lastRevision: 0, overtaken: 0 };
  let failure: unknown;
  let next = 0;
  const worker = async () => {
    while (next < writes.length && failure === undefined) {
      const one = writes[next++]!;
      try {
        applied.lastRevision = Math.max(applied.lastRevision, await write(one));
      } catch (error) {
        if (error instanceof RevisionConflict) applied.overtaken += 1;
        else failure ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, writes.length) }, worker));
  if (failure !== undefined) throw failure;
  return applied;
}
