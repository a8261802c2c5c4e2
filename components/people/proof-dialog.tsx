'use client';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ProblemError } from '#contracts/problem.ts';
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
      title="Show once more that it is you"
      description="You signed in a while ago. Then it goes on."
      footer={
        <>
          <Button onClick={() => end(false)}>Cancel</Button>
          <Button look="primary" type="submit" form={FORM_ID} busy={busy && 'Checking …'}>
            Go on
          </Button>
        </>
      }
    >
      {open ? <Proof onBusy={setBusy} onProven={() => end(true)} /> : null}
    </Dialog>
  );
}

interface ProofProps {
  onBusy: (busy: boolean) => void;
  onProven: () => void;
}

function Proof(props: ProofProps) {
  const you = useQuery({
    queryKey: ['you'],
    queryFn: async ({ signal }) => (await import('../live/auth-api.ts')).authApi.you(signal),
  });
  return you.data?.source === 'oidc' ? <ProviderProof id={FORM_ID} onBusy={props.onBusy} /> : <ProofForm {...props} />;
}

function ProofForm({ onBusy, onProven }: ProofProps) {
  const [password, setPassword] = useState('');
  const [code, setCode] = useState<string>();
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

  const withPassword = (event: FormEvent) => {
    event.preventDefault();
    void run(async () =>
      (await import('../live/credentials-api.ts')).credentialsApi.prove({ password, code: code || undefined }),
    );
  };
  const withPasskey = () => run(async () => (await import('../live/credentials-api.ts')).credentialsApi.proveByPasskey());

  return (
    <form id={FORM_ID} onSubmit={withPassword} className="flex flex-col gap-4">
      <Field label="Your password">
        {(control) => (
          <Input
            {...control}
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
      <Button look="quiet" className="self-start" onClick={() => void withPasskey()}>
        Use a passkey
      </Button>
    </form>
  );
}
