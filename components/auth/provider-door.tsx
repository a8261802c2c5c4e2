'use client';
import Link from 'next/link';
import { useEffect, useRef, useState } from 'react';
import { authApi } from '../live/auth-api.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { DoorCard } from './door-card.tsx';
import { rememberName } from './last-name.ts';
import { safeNext } from './safe-next.ts';

/** Where the provider of accounts sends a browser back to: hands on what it brought, and leaves nothing of it in the address. */
export function ProviderDoor() {
  const [error, setError] = useState<unknown>();
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    const query = window.location.search;
    window.history.replaceState(null, '', window.location.pathname);
    authApi.oidcFinish(query).then(({ user, next }) => {
      rememberName(user);
      window.location.replace(safeNext(next));
    }, setError);
  }, []);
  return (
    <DoorCard title="Scorewall" note={error ? 'Nobody was signed in.' : 'Opening the wall …'}>
      {error ? (
        <>
          <ErrorNote error={error} />
          <Link href="/login" className="text-center text-accent underline-offset-2 hover:underline">
            Back to the login page
          </Link>
        </>
      ) : null}
    </DoorCard>
  );
}
