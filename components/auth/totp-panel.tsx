'use client';
import { type FormEvent, useState } from 'react';
import type { TotpKey, You } from '#contracts/api-auth.ts';
import { authApi } from '../live/auth-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { QrCode } from '../ui/qr-code.tsx';
import { RecoveryCodeList } from './recovery-code-list.tsx';
import { useWork } from './use-work.ts';

/** Codes from an app beside the password: turned on with the first code, off again, and codes for the day the phone is lost. */
export function TotpPanel({ you }: { you: You | undefined }) {
  const [key, setKey] = useState<TotpKey>();
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState<readonly string[]>();
  const { busy, error, run } = useWork<'start' | 'confirm' | 'renew' | 'remove'>();

  const start = () => run('start', async () => setKey(await authApi.startTotp()));
  const renew = () => run('renew', async () => setRecovery((await authApi.renewRecoveryCodes()).recoveryCodes));
  const remove = () =>
    run('remove', async () => {
      await authApi.removeTotp();
      setRecovery(undefined);
    });
  async function confirm(event: FormEvent) {
    event.preventDefault();
    const done = await run('confirm', async () => setRecovery((await authApi.confirmTotp(code)).recoveryCodes));
    setCode('');
    if (done) setKey(undefined);
  }

  return (
    <Panel title="Codes from an app">
      <div className="flex min-h-24 flex-col items-start gap-3">
        {recovery ? <RecoveryCodeList codes={recovery} onDone={() => setRecovery(undefined)} /> : null}
        {key ? (
          <form onSubmit={confirm} className="flex flex-col gap-4">
            <p>Scan this with a code app on your phone, or type the key there. Then type the first code it shows.</p>
            <QrCode text={key.uri} label="The key as a QR code" />
            <p className="font-mono text-15 [overflow-wrap:anywhere]">{key.key.replace(/(.{4})(?=.)/g, '$1 ')}</p>
            <Field label="First code" className="max-w-48">
              {(control) => (
                <Input
                  {...control}
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  required
                  maxLength={7}
                  className="font-mono"
                  value={code}
                  onChange={(event) => setCode(event.target.value)}
                />
              )}
            </Field>
            <div className="flex flex-wrap gap-2">
              <Button type="submit" look="primary" busy={busy === 'confirm' && 'Turning them on …'}>
                Turn codes on
              </Button>
              <Button onClick={() => setKey(undefined)}>Not now</Button>
            </div>
          </form>
        ) : you?.totp ? (
          <>
            <p>On: a code is asked for with your password. {you.totp.recoveryCodesLeft} of 10 recovery codes are left.</p>
            <div className="flex flex-wrap gap-2">
              <Button busy={busy === 'renew' && 'Making them …'} onClick={renew}>
                New recovery codes
              </Button>
              <Button look="danger" busy={busy === 'remove' && 'Turning them off …'} onClick={remove}>
                Turn codes off
              </Button>
            </div>
          </>
        ) : you ? (
          <>
            <p className="text-muted">
              {you.hasPassword
                ? 'Off: your password alone opens the wall. With codes, who has it needs your phone as well.'
                : 'They are asked for with a password, and you have none. A passkey needs no code.'}
            </p>
            {you.hasPassword ? (
              <Button busy={busy === 'start' && 'Making a key …'} onClick={start}>
                Turn codes on …
              </Button>
            ) : null}
          </>
        ) : null}
        {error ? <ErrorNote error={error} /> : null}
      </div>
    </Panel>
  );
}
