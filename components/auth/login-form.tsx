'use client';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { api } from '../live/api-client.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';
import { useHydrated } from '../ui/use-hydrated.ts';
import { DoorCard } from './door-card.tsx';
import { lastName, rememberName } from './last-name.ts';
import { safeNext } from './safe-next.ts';

/** Name and password, and back to where they wanted to go. */
export function LoginForm() {
  const next = safeNext(useSearchParams().get('next'));
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const field = useRef<HTMLInputElement>(null);
  const ready = useHydrated();
  useEffect(() => {
    if (!ready) return;
    setName(lastName());
    field.current?.focus();
  }, [ready]);

  async function signIn(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const user = name.trim().toLowerCase();
      await api.login({ user, password });
      rememberName(user);
      window.location.assign(next);
    } catch (failure) {
      setError(failure);
      setBusy(false);
      field.current?.select();
    }
  }

  return (
    <DoorCard title="Scorewall" note="See your fleet work.">
      {/* Sent by the browser itself, before this program runs, the password would stand in the address: `post`, and closed until then. */}
      <form method="post" onSubmit={signIn} className="flex flex-col gap-4">
        <Field label="Name">
          {(control) => (
            <Input
              {...control}
              name="username"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              required
              disabled={!ready}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Password">
          {(control) => (
            <Input
              {...control}
              type="password"
              name="password"
              autoComplete="current-password"
              required
              disabled={!ready}
              ref={field}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          )}
        </Field>
        {error ? <ErrorNote error={error} /> : null}
        <Button type="submit" look="primary" disabled={!ready} busy={busy && 'Opening the wall …'}>
          Open the wall
        </Button>
      </form>
      <details className="text-13 text-muted">
        <summary className="cursor-pointer rounded-plate py-1">Password lost, or first time here?</summary>
        <p className="pt-1.5">
          On the hub’s machine run <code className="font-mono text-text">npx scorewall owner-link</code> and open the link it
          prints. It is good once, for 15 minutes. Who was invited asks for a new invitation.
        </p>
      </details>
    </DoorCard>
  );
}
