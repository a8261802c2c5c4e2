'use client';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { PASSWORD_MIN } from '#contracts/api.ts';
import { peopleApi } from '../live/people-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { DoorCard } from './door-card.tsx';
import { IncompleteLink } from './incomplete-link.tsx';
import { rememberName } from './last-name.ts';
import { NewPasswordField } from './new-password-field.tsx';
import { useAddressSecret } from './use-address-secret.ts';

/** An invitation: whoever holds the link chooses a password and is in. */
export function JoinForm() {
  const token = useAddressSecret();
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [asked, setAsked] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (token) field.current?.focus();
  }, [token]);

  async function enter(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (!token || password.length < PASSWORD_MIN) {
      field.current?.focus();
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      const { user } = await peopleApi.join(token, password);
      rememberName(user);
      window.location.assign('/');
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  if (token === undefined)
    return (
      <DoorCard title="Scorewall" note="Reading the link …">
        {null}
      </DoorCard>
    );
  if (token === '')
    return <IncompleteLink effect="Nothing has changed. Copy the whole line you were sent, or ask for a new invitation." />;
  return (
    <DoorCard title="Welcome" note="You are invited to this wall.">
      <form method="post" onSubmit={enter} noValidate className="flex flex-col gap-4">
        <NewPasswordField value={password} onChange={setPassword} asked={asked} field={field} />
        {error ? <ErrorNote error={error} /> : null}
        <Button type="submit" look="primary" busy={busy && 'Opening the wall …'}>
          Open the wall
        </Button>
      </form>
    </DoorCard>
  );
}
