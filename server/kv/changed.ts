/** Changes one value that others may change at the same time: reads, changes, and writes only over what was read. */
import type { Bucket } from './bucket.ts';
import { RevisionConflict } from './store.ts';

const MOST_ATTEMPTS = 20;

/** `change` may throw to refuse. undefined: there is no such key. */
export async function changed<T>(bucket: Bucket<T>, key: string, change: (before: T) => T): Promise<T | undefined> {
  for (let attempt = 1; ; attempt++) {
    const entry = await bucket.get(key);
    if (!entry) return undefined;
    const value = change(entry.value);
    try {
      await bucket.put(key, value, { expectedRevision: entry.revision });
      return value;
    } catch (error) {
      if (!(error instanceof RevisionConflict) || attempt === MOST_ATTEMPTS) throw error;
    }
  }
}
