'use client';
import { type FormEvent, useRef, useState } from 'react';
import { PASSWORD_MIN } from '#contracts/api.ts';
import type { You } from '#contracts/api-auth.ts';
import { authApi } from '../live/auth-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { toast } from '../ui/toast.tsx';
import { NewPasswordField } from './new-password-field.tsx';
import { useWork } from './use-work.ts';

/** A new password: every other session of yours ends. */
export function PasswordPanel({ you }: { you: You | undefined }) {
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [asked, setAsked] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { busy, error, run } = useWork<'change'>();

  async function change(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (password.length < PASSWORD_MIN) {
      field.current?.focus();
      return;
    }
    const done = await run('change', async () => void (await authApi.changePassword(password, current || undefined)));
    if (!done) return;
    setCurrent('');
    setPassword('');
    setAsked(false);
    toast({
      title: you?.hasPassword === false ? 'You have a password now.' : 'Your password has changed.',
      text: 'Everywhere else you are signed out.',
    });
  }

  return (
    <Panel title="Password">
      <form onSubmit={change} noValidate className="flex max-w-96 flex-col gap-4">
        {you?.hasPassword === false ? (
          <p className="text-muted">You have none: you sign in with passkeys alone.</p>
        ) : (
          <Field label="Your present password">
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="current-password"
                value={current}
                onChange={(event) => setCurrent(event.target.value)}
              />
            )}
          </Field>
        )}
        <NewPasswordField value={password} onChange={setPassword} asked={asked} field={field} />
        {error ? <ErrorNote error={error} /> : null}
        <Button
          type="submit"
          className="self-start"
          disabled={!you}
          busy={busy && (you?.hasPassword === false ? 'Setting it …' : 'Changing it …')}
        >
          {you?.hasPassword === false ? 'Set the password' : 'Change the password'}
        </Button>
      </form>
    </Panel>
  );
}
