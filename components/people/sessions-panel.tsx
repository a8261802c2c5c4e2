'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { SessionView } from '#contracts/api-people.ts';
import { credentialsApi } from '../live/credentials-api.ts';
import { useMe } from '../live/use-me.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Panel } from '../ui/panel.tsx';
import { toast } from '../ui/toast.tsx';
import { clientWords } from './client-words.ts';
import { moment } from './moment.ts';
import { sayFailure } from './say-failure.ts';

const KEY = ['sessions'];

/** Where you are signed in, and the way to end it there; the owner sees everybody. */
export function SessionsPanel() {
  const sessions = useQuery({ queryKey: KEY, queryFn: ({ signal }) => credentialsApi.sessions(signal), refetchInterval: 15_000 });
  return (
    <Panel title="Signed in">
      {sessions.error ? <ErrorNote error={sessions.error} /> : null}
      <ul className="flex flex-col">
        {sessions.data?.items.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
    </Panel>
  );
}

function SessionRow({ session: { id, user, current, from, client, createdAt, lastSeenAt } }: { session: SessionView }) {
  const me = useMe();
  const queries = useQueryClient();
  const where = clientWords(client);

  async function end() {
    try {
      await credentialsApi.endSession(id);
      toast({ title: 'Signed out there.', text: 'Its live connections are cut.' });
    } catch (failure) {
      sayFailure(failure);
    } finally {
      await queries.invalidateQueries({ queryKey: KEY });
    }
  }

  return (
    <li aria-label={where} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold [overflow-wrap:anywhere]">
          {where}
          {current ? <span className="font-normal text-muted"> (this one)</span> : null}
          {me && user !== me.user ? <span className="font-normal text-muted"> · {user}</span> : null}
        </p>
        <p className="text-13 text-muted">
          {from ? `${from} · ` : ''}since {moment(createdAt)} · last used {moment(lastSeenAt)}
        </p>
      </div>
      {current ? null : (
        <Button look="quiet" onClick={() => void end()}>
          Sign out there
        </Button>
      )}
    </li>
  );
}
