'use client';
import Link from 'next/link';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { PASSWORD_MIN } from '#contracts/api.ts';
import { api } from '../live/api-client.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';
import { DoorCard } from './door-card.tsx';

const DEFAULT_NAME = 'Workshop';

/** The one-time link: names the wall, sets the owner's password. The secret leaves the address bar at once. */
export function StartForm() {
  const token = useTokenOfAddress();
  const [wallName, setWallName] = useState(DEFAULT_NAME);
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const [asked, setAsked] = useState(false);
  const tooShort = (asked || password.length > 0) && password.length < PASSWORD_MIN;
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
      <DoorCard title="Scorewall" note="This address has no key in it.">
        <ErrorNote
          fact="The link is not complete."
          effect="Your devices are not affected. Copy the whole line that was printed, or run npx scorewall owner-link on the hub’s machine for a new one."
        />
        <Link href="/login" className="text-center text-accent underline-offset-2 hover:underline">
          Sign in with a password
        </Link>
      </DoorCard>
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
        <Field
          label="Choose a password"
          hint={`At least ${PASSWORD_MIN} characters. A few words you can remember are best.`}
          error={tooShort ? `${PASSWORD_MIN - password.length} characters more to go.` : undefined}
        >
          {(control) => (
            <Input
              {...control}
              type="password"
              name="password"
              autoComplete="new-password"
              required
              ref={field}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {error ? <ErrorNote error={error} /> : null}
        <Button type="submit" look="primary" busy={busy && 'Opening the wall …'}>
          Open the wall
        </Button>
      </form>
    </DoorCard>
  );
}

/** Undefined until the browser has looked, empty without a token. */
function useTokenOfAddress(): string | undefined {
  const [token, setToken] = useState<string>();
  const taken = useRef(false);
  useEffect(() => {
    if (taken.current) return;
    taken.current = true;
    setToken(decodeURIComponent(window.location.hash.slice(1)));
    window.history.replaceState(null, '', window.location.pathname);
  }, []);
  return token;
}
