/** What the login page offers besides a password, and whether a passkey works where it is open. */
import { useEffect, useState } from 'react';
import type { Doors } from '#contracts/api-auth.ts';
import { authApi } from '../live/auth-api.ts';
import { type PasskeyPlace, passkeyPlace } from './passkey-place.ts';

const NONE: Doors = { hosts: [] };

/** undefined until the hub has answered; a hub that does not answer offers nothing else. */
export function useDoors(): (Doors & { place: PasskeyPlace }) | undefined {
  const [doors, setDoors] = useState<Doors & { place: PasskeyPlace }>();
  useEffect(() => {
    const asking = new AbortController();
    authApi
      .doors(asking.signal)
      .catch(() => NONE)
      .then((found) => {
        if (!asking.signal.aborted) setDoors({ ...found, place: passkeyPlace() });
      });
    return () => asking.abort();
  }, []);
  return doors;
}
