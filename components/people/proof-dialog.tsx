'use client';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { ProblemError } from '#contracts/problem.ts';
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
      {open ? <ProofForm onBusy={setBusy} onProven={() => end(true)} /> : null}
    </Dialog>
  );
}

function ProofForm({ onBusy, onProven }: { onBusy: (busy: boolean) => void; onProven: () => void }) {
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
