'use client';
import { type FormEvent, useState } from 'react';
import { ErrorNote } from '../ui/error-note.tsx';

interface ProviderProofProps {
  /** Of the form, for the button that sends it. */
  id: string;
  onBusy: (busy: boolean) => void;
}

/** For who comes from a provider of accounts: only it can say that it is still them. This page is left, and comes back. */
export function ProviderProof({ id, onBusy }: ProviderProofProps) {
  const [error, setError] = useState<unknown>();

  async function go(event: FormEvent) {
    event.preventDefault();
    onBusy(true);
    setError(undefined);
    try {
      const { authApi } = await import('../live/auth-api.ts');
      window.location.assign((await authApi.oidcStart(window.location.pathname, true)).url);
    } catch (failure) {
      setError(failure);
      onBusy(false);
    }
  }

  return (
    <form id={id} onSubmit={go} className="flex flex-col gap-4">
      <p>You sign in with the account of a provider, which asks for your password there. Then this page opens again.</p>
      {error ? <ErrorNote error={error} /> : null}
    </form>
  );
}
