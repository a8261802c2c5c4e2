'use client';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { PASSWORD_MIN } from '#contracts/api.ts';
import { api } from '../live/api-client.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';
import { DoorCard } from './door-card.tsx';
import { IncompleteLink } from './incomplete-link.tsx';
import { rememberName } from './last-name.ts';
import { NewPasswordField } from './new-password-field.tsx';
import { useAddressSecret } from './use-address-secret.ts';

const DEFAULT_NAME = 'Workshop';

/** The one-time link: names the wall, sets the owner's password. The secret leaves the address bar at once. */
export function StartForm() {
  const token = useAddressSecret();
  const [wallName, setWallName] = useState(DEFAULT_NAME);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [asked, setAsked] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (token) field.current?.focus();
  }, [token]);

  async function open(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (!token || password.length < PASSWORD_MIN) {
      field.current?.focus();
      return;
    }
    setBusy(true);
    setError(undefined);
    try {
      await api.makeOwner({ token, password, wallName: wallName.trim() || DEFAULT_NAME });
      rememberName('owner');
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
    return (
      <IncompleteLink effect="Your devices are not affected. Copy the whole line that was printed, or run npx scorewall owner-link on the hub’s machine for a new one." />
    );
  return (
    <DoorCard title="Your wall" note="This link makes you the owner.">
      <form onSubmit={open} noValidate className="flex flex-col gap-4">
        <Field label="Name your wall">
          {(control) => (
            <Input
              {...control}
              name="wall"
              maxLength={40}
              value={wallName}
              onChange={(event) => setWallName(event.target.value)}
            />
          )}
        </Field>
        <NewPasswordField value={password} onChange={setPassword} asked={asked} field={field} />
        {error ? <ErrorNote error={error} /> : null}
        <Button type="submit" look="primary" busy={busy && 'Opening the wall …'}>
          Open the wall
        </Button>
      </form>
    </DoorCard>
  );
}
