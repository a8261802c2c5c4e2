'use client';
import { type ComponentType, useEffect, useState } from 'react';

const RETRY_MS = 2_000;

interface LaterProps<P extends object> {
  /** The same function each time. */
  load: () => Promise<ComponentType<P>>;
  props: P;
}

/**
 * A part that comes after its page: nothing stands there until then. Unlike `dynamic`, a file that the network loses takes no page with
 * it, and is asked for again.
 */
export function Later<P extends object>({ load, props }: LaterProps<P>) {
  const [Part, setPart] = useState<ComponentType<P>>();
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const begin = (): void =>
      void load().then(
        (part) => {
          if (!gone) setPart(() => part);
        },
        () => {
          if (!gone) timer = setTimeout(begin, RETRY_MS);
        },
      );
    begin();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [load]);
  return Part ? <Part {...props} /> : null;
}
