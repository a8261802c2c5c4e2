'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { grantWords } from '#contracts/access.ts';
import type { TokenView } from '#contracts/api-people.ts';
import { credentialsApi } from '../live/credentials-api.ts';
import { useMe } from '../live/use-me.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Panel } from '../ui/panel.tsx';
import { moment } from './moment.ts';
import { sayFailure } from './say-failure.ts';
import { TokenDialog } from './token-dialog.tsx';

export const TOKENS_KEY = ['tokens'];

/** Keys for programs. Each has at most your own rights, and an end. */
export function TokensPanel() {
  const [making, setMaking] = useState(false);
  const tokens = useQuery({ queryKey: TOKENS_KEY, queryFn: ({ signal }) => credentialsApi.tokens(signal) });
  return (
    <Panel
      title="Tokens"
      aside={
        <Button look="quiet" onClick={() => setMaking(true)}>
          Make a token
        </Button>
      }
    >
      {tokens.error ? <ErrorNote error={tokens.error} /> : null}
      {tokens.data?.items.length === 0 ? <p className="text-muted">None. A program comes in with one.</p> : null}
      <ul className="flex flex-col">
        {tokens.data?.items.map((token) => (
          <TokenRow key={token.id} token={token} />
        ))}
      </ul>
      <TokenDialog open={making} onOpenChange={setMaking} />
    </Panel>
  );
}

function TokenRow({ token: { id, name, user, grants, expiresAt, lastUsedAt } }: { token: TokenView }) {
  const me = useMe();
  const queries = useQueryClient();
  const remove = () =>
    credentialsApi
      .removeToken(id)
      .catch(sayFailure)
      .finally(() => queries.invalidateQueries({ queryKey: TOKENS_KEY }));
  return (
    <li aria-label={name} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold [overflow-wrap:anywhere]">
          {name}
          {me && user !== me.user ? <span className="font-normal text-muted"> · {user}</span> : null}
        </p>
        <p className="text-13 text-muted">
          {grantWords(grants)} · ends {moment(expiresAt)} · {lastUsedAt ? `last used ${moment(lastUsedAt)}` : 'never used'}
        </p>
      </div>
      <Button look="quiet" aria-label={`Take back ${name}`} onClick={() => void remove()}>
        Take back
      </Button>
    </li>
  );
}
