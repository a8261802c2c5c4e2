'use client';
import Link from 'next/link';
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { PASSWORD_MIN } from '#contracts/api.ts';
import type { PasskeyRegistration } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import { authApi, type LinkKind } from '../live/auth-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { DoorCard } from './door-card.tsx';
import { IncompleteLink } from './incomplete-link.tsx';
import { rememberName } from './last-name.ts';
import { NewPasswordField } from './new-password-field.tsx';
import { createPasskey } from './passkey-ceremony.ts';
import { PasskeyNote } from './passkey-note.tsx';
import { useAddressSecret } from './use-address-secret.ts';
import { useDoors } from './use-doors.ts';

interface LinkFormProps {
  kind: LinkKind;
  title: string;
  note: string;
  /** Said where the link lost its secret. */
  incomplete: string;
  /** Above the password. */
  children?: ReactNode;
  finish: (token: string, way: { password: string } | { passkey: PasskeyRegistration }) => Promise<{ user: string }>;
}

/** A one-time link: whoever holds it chooses a password or makes a passkey, and is in. The secret leaves the address bar at once. */
export function LinkForm({ kind, title, note, incomplete, children, finish }: LinkFormProps) {
  const token = useAddressSecret();
  const doors = useDoors();
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState<'password' | 'passkey'>();
  const [error, setError] = useState<unknown>();
  const [asked, setAsked] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (token) field.current?.focus();
  }, [token]);

  async function enter(way: 'password' | 'passkey', work: () => Promise<{ user: string }>) {
    setBusy(way);
    setError(undefined);
    try {
      rememberName((await work()).user);
      window.location.assign('/');
    } catch (failure) {
      setError(failure);
      setBusy(undefined);
    }
  }

  function choose(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (!token || password.length < PASSWORD_MIN) field.current?.focus();
    else void enter('password', () => finish(token, { password }));
  }

  const makePasskey = () =>
    enter('passkey', async () => {
      const secret = token ?? '';
      return finish(secret, { passkey: await createPasskey(await authApi.linkPasskeyOptions(kind, secret)) });
    });

  if (token === undefined)
    return (
      <DoorCard title="Scorewall" note="Reading the link …">
        {null}
      </DoorCard>
    );
  if (token === '') return <IncompleteLink effect={incomplete} />;
  // Nothing that is typed here would help any more.
  if (error instanceof ProblemError && error.code === 'link-used')
    return (
      <DoorCard title={title} note="This link is good no more.">
        <ErrorNote error={error} />
        <Link href="/login" className="text-center text-accent underline-offset-2 hover:underline">
          To the login page
        </Link>
      </DoorCard>
    );
  return (
    <DoorCard title={title} note={note}>
      <form method="post" onSubmit={choose} noValidate className="flex flex-col gap-4">
        {children}
        <NewPasswordField value={password} onChange={setPassword} asked={asked} field={field} />
        {error ? <ErrorNote error={error} /> : null}
        <Button type="submit" look="primary" disabled={busy !== undefined} busy={busy === 'password' && 'Opening the wall …'}>
          Open the wall
        </Button>
      </form>
      <div
        className="flex min-h-[6.25rem] touch:min-h-[7rem] flex-col gap-2 border-t border-line pt-4 text-13 text-muted"
        aria-busy={!doors}
      >
        {doors?.place === 'ready' ? (
          <>
            <Button disabled={busy !== undefined} busy={busy === 'passkey' && 'Waiting for it …'} onClick={makePasskey}>
              Use a passkey instead
            </Button>
            <p>Your finger, face or PIN opens the wall; there is no password to lose.</p>
          </>
        ) : doors ? (
          <PasskeyNote
            place={doors.place}
            hosts={doors.hosts}
            hasCa={doors.ca !== undefined}
            path={`${window.location.pathname}#${token}`}
          />
        ) : null}
      </div>
    </DoorCard>
  );
}
