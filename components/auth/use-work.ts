/** One piece of work of a panel at a time: which is under way, and how the last one failed. */
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

export function useWork<Kind extends string>() {
  const queries = useQueryClient();
  const [busy, setBusy] = useState<Kind>();
  const [error, setError] = useState<unknown>();

  /** True where it was done; what is shown is read anew then. */
  async function run(kind: Kind, work: () => Promise<void>): Promise<boolean> {
    setBusy(kind);
    setError(undefined);
    try {
      await work();
      await queries.invalidateQueries({ queryKey: ['you'] });
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    } finally {
      setBusy(undefined);
    }
  }
  return { busy, error, run };
}
