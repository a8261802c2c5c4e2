'use client';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { You } from '#contracts/api-auth.ts';
import { ProblemError } from '#contracts/problem.ts';
import { passkeyPlace } from '../auth/passkey-place.ts';
import { ProviderProof } from '../auth/provider-proof.tsx';
import { onProofAsked } from '../live/proof.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';

const FORM_ID = 'proof';

/** Asked when something needs a fresh proof and the sign-in was a while ago; what was wanted then goes on by itself. */
export function ProofDialog() {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const answer = useRef<(proven: boolean) => void>(undefined);
  const { data: you } = useQuery({
    queryKey: ['you'],
    enabled: open,
    queryFn: async ({ signal }) => (await import('../live/auth-api.ts')).authApi.you(signal),
  });

  useEffect(
    () =>
      onProofAsked(
        () =>
          new Promise((resolve) => {
            answer.current = resolve;
            setOpen(true);
          }),
      ),
    [],
  );

  const go = useRef<HTMLButtonElement>(null);
  const alone = you !== undefined && hasPasskeysAlone(you);
  useEffect(() => {
    if (open && alone) go.current?.focus();
  }, [open, alone]);

  function end(proven: boolean) {
    setOpen(false);
    answer.current?.(proven);
    answer.current = undefined;
  }

  return (
    <Dialog
      open={open}
      onOpenChange={(next) => !next && end(false)}
      modal="strict"
      onTop
      {...(alone ? { initialFocus: go } : {})}
      title="Show once more that it is you"
      description="You signed in a while ago. After this, what you asked for goes on."
      footer={
        <>
          <Button onClick={() => end(false)}>Cancel</Button>
          <Button ref={go} look="primary" type="submit" form={FORM_ID} disabled={!you} busy={busy && 'Checking …'}>
            {alone ? 'Use your passkey' : 'Go on'}
          </Button>
        </>
      }
    >
      <div className="min-h-10">
        {open && you ? (
          you.source === 'oidc' ? (
            <ProviderProof id={FORM_ID} onBusy={setBusy} />
          ) : (
            <ProofForm you={you} onBusy={setBusy} onProven={() => end(true)} />
          )
        ) : null}
      </div>
    </Dialog>
  );
}

interface ProofProps {
  you: You;
  onBusy: (busy: boolean) => void;
  onProven: () => void;
}

const hasPasskeysAlone = (you: You) => you.source === 'here' && !you.hasPassword;

function ProofForm({ you, onBusy, onProven }: ProofProps) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const [error, setError] = useState<unknown>();

  async function run(prove: () => Promise<unknown>) {
    onBusy(true);
    setError(undefined);
    try {
      await prove();
      onProven();
    } catch (failure) {
      // The password was right: now the code of the app.
      if (failure instanceof ProblemError && failure.code === 'code-needed') setCode('');
      else setError(failure);
    } finally {
      onBusy(false);
    }
  }

  const withPassword = () =>
    void run(async () =>
      (await import('../live/credentials-api.ts')).credentialsApi.prove({ password, code: code || undefined }),
    );
  const withPasskey = () => run(async () => (await import('../live/credentials-api.ts')).credentialsApi.proveByPasskey());

  const withPasskeyAlone = hasPasskeysAlone(you);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (withPasskeyAlone) void withPasskey();
    else withPassword();
  };
  if (withPasskeyAlone)
    return (
      <form id={FORM_ID} onSubmit={submit} className="flex flex-col gap-4">
        {passkeyPlace() === 'ready' ? (
          <p>By finger, face or PIN, as you signed in.</p>
        ) : (
          <p>
            Your passkey belongs to {you.passkeys[0]?.host ?? 'another name'}, and this page is open elsewhere. Open the wall
            there.
          </p>
        )}
        {error ? <ErrorNote error={error} /> : null}
      </form>
    );
  return (
    <form id={FORM_ID} onSubmit={submit} className="flex flex-col gap-4">
      <Field label="Your password">
        {(control) => (
          <Input
            {...control}
            ref={field}
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      {code === undefined ? null : (
        <Field label="Code" hint="The six digits of your app, or a recovery code.">
          {(control) => (
            <Input
              {...control}
              autoComplete="one-time-code"
              autoCapitalize="none"
              spellCheck={false}
              maxLength={40}
              className="font-mono"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </Field>
      )}
      {error ? <ErrorNote error={error} /> : null}
      {you.passkeys.length > 0 && passkeyPlace() === 'ready' ? (
        <Button look="quiet" className="self-start" onClick={() => void withPasskey()}>
          Use a passkey instead
        </Button>
      ) : null}
    </form>
  );
}
