'use client';
import { type ComponentType, useEffect, useRef, useState } from 'react';
import type { Session } from '#contracts/api.ts';
import { api } from '../live/api-client.ts';
import { peopleApi } from '../live/people-api.ts';
import { Providers } from '../live/providers.tsx';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { DoorCard } from './door-card.tsx';
import { IncompleteLink } from './incomplete-link.tsx';
import { useAddressSecret } from './use-address-secret.ts';

interface GuestDoorProps {
  /** The terminal, as somebody sees it who can only watch. */
  terminal: ComponentType<{ device: string; sid: string }>;
}

/** A link to one terminal: lets the guest in, then shows it. A reload needs no link while the session lasts. */
export function GuestDoor({ terminal: Terminal }: GuestDoorProps) {
  const secret = useAddressSecret();
  const [session, setSession] = useState<Session>();
  const [error, setError] = useState<unknown>();
  const [over, setOver] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const begun = useRef(-1);

  useEffect(() => {
    if (secret === undefined || begun.current === attempt) return;
    begun.current = attempt;
    setError(undefined);
    const entering = secret ? peopleApi.enterAsGuest(secret) : api.session();
    entering.then(setSession, setError);
  }, [secret, attempt]);

  if (over) return <LinkOver />;
  const grant = session?.guest;
  if (session && grant)
    return (
      <Providers onGuestOver={() => setOver(true)}>
        <Terminal device={grant.device} sid={grant.sid} />
      </Providers>
    );
  // Without a secret and without a guest's session there is nothing to show.
  if (secret === '' && (session || error))
    return <IncompleteLink effect="The device is not affected. Copy the whole line you were sent, or ask for a new link." />;
  return (
    <DoorCard title="Scorewall" note={error ? 'You were sent a link to a terminal.' : 'Opening the terminal …'}>
      {error ? (
        <ErrorNote error={error} action={<Button onClick={() => setAttempt((before) => before + 1)}>Try again</Button>} />
      ) : null}
    </DoorCard>
  );
}

function LinkOver() {
  return (
    <DoorCard title="Scorewall" note="You watched a terminal.">
      <ErrorNote
        severity="warning"
        fact="The link has ended."
        effect="The device is not affected. Ask whoever sent it for a new one."
      />
    </DoorCard>
  );
}
