'use client';
import { useSearchParams } from 'next/navigation';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ProblemError } from '#contracts/problem.ts';
import { api } from '../live/api-client.ts';
import { authApi } from '../live/auth-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';
import { useHydrated } from '../ui/use-hydrated.ts';
import { CodeField } from './code-field.tsx';
import { DoorCard } from './door-card.tsx';
import { lastName, rememberName } from './last-name.ts';
import { OtherDoors } from './other-doors.tsx';
import { askForPasskey } from './passkey-ceremony.ts';
import { safeNext } from './safe-next.ts';

type Way = 'password' | 'passkey' | 'provider';

/** Name and password, a passkey or the account of a provider, and back to where they wanted to go. */
export function LoginForm() {
  const next = safeNext(useSearchParams().get('next'));
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const [busy, setBusy] = useState<Way>();
  const [error, setError] = useState<unknown>();
  const field = useRef<HTMLInputElement>(null);
  const ready = useHydrated();
  useEffect(() => {
    if (!ready) return;
    setName(lastName());
    field.current?.focus();
  }, [ready]);

  async function enter(way: Way, work: () => Promise<string>) {
    setBusy(way);
    setError(undefined);
    try {
      window.location.assign(await work());
    } catch (failure) {
      setBusy(undefined);
      const codeNeeded = failure instanceof ProblemError && failure.code === 'code-needed';
      setAsksCode((before) => before || codeNeeded);
      if (codeNeeded) return;
      setError(failure);
      if (way === 'password') field.current?.select();
    }
  }

  function signIn(event: FormEvent) {
    event.preventDefault();
    const user = name.trim().toLowerCase();
    void enter('password', async () => {
      await api.login({ user, password, ...(asksCode ? { code } : {}) });
      rememberName(user);
      return next;
    });
  }

  const withPasskey = () =>
    enter('passkey', async () => {
      const { user } = await authApi.loginWithPasskey(await askForPasskey(await authApi.passkeyLoginOptions()));
      rememberName(user);
      return next;
    });
  const atProvider = () => enter('provider', async () => (await authApi.oidcStart(next)).url);

  return (
    <DoorCard title="Scorewall" note="See your fleet work.">
      {/* Sent by the browser itself, before this program runs, the password would stand in the address: `post`, and closed until then. */}
      <form method="post" onSubmit={signIn} className="flex flex-col gap-4">
        {asksCode ? (
          <CodeField value={code} onChange={setCode} onBack={() => setAsksCode(false)} />
        ) : (
          <>
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
          </>
        )}
        {error ? <ErrorNote error={error} /> : null}
        <Button
          type="submit"
          look="primary"
          disabled={!ready || busy !== undefined}
          busy={busy === 'password' && 'Opening the wall …'}
        >
          Open the wall
        </Button>
      </form>
      <OtherDoors busy={busy} onPasskey={withPasskey} onProvider={atProvider} />
      <details className="text-13 text-muted">
        <summary className="cursor-pointer rounded-plate py-1">Password lost, or first time here?</summary>
        <p className="pt-1.5">
          On the hub’s machine run <code className="font-mono text-text">npx scorewall owner-link</code> and open the link it
          prints. It is good once, for 15 minutes. Who was invited asks for a new invitation; who lost the phone with the codes
          asks the owner to turn them off.
        </p>
      </details>
    </DoorCard>
  );
}
