'use client';
import { useQuery } from '@tanstack/react-query';
import { authApi } from '../live/auth-api.ts';
import { useMe } from '../live/use-me.ts';
import { SessionsPanel } from '../people/sessions-panel.tsx';
import { TokensPanel } from '../people/tokens-panel.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { Panel } from '../ui/panel.tsx';
import { PasskeysPanel } from './passkeys-panel.tsx';
import { PasswordPanel } from './password-panel.tsx';
import { TotpPanel } from './totp-panel.tsx';

/** The ways in that you have. */
export function YouPage() {
  const me = useMe();
  const you = useQuery({ queryKey: ['you'], queryFn: ({ signal }) => authApi.you(signal) });
  return (
    <PageShell
      title="You"
      note={
        me ? (me.user === me.role ? `Signed in as ${me.user}.` : `Signed in as ${me.user}, ${me.role}.`) : 'How you sign in here.'
      }
    >
      <div className="grid items-start gap-4 lg:grid-cols-2">
        {you.error ? <ErrorNote error={you.error} className="lg:col-span-2" /> : null}
        <div className="flex min-w-0 flex-col gap-4">
          {you.data?.source === 'oidc' ? (
            <Panel title="Signing in">
              <p>You sign in with the account of a provider. Password, passkeys and codes are changed there.</p>
            </Panel>
          ) : (
            <>
              <PasskeysPanel you={you.data} />
              <PasswordPanel you={you.data} />
              <TotpPanel you={you.data} />
            </>
          )}
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <SessionsPanel />
          <TokensPanel />
        </div>
      </div>
    </PageShell>
  );
}
