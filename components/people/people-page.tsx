'use client';
import { useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { peopleApi } from '../live/people-api.ts';
import { useMay } from '../live/use-me.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { Panel } from '../ui/panel.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { InviteRow } from './invite-row.tsx';
import { PersonRow } from './person-row.tsx';
import { TvsPanel } from './tvs-panel.tsx';

/** Who is here, who is invited, and which TVs show a wall. */
export function PeoplePage() {
  const [inviting, setInviting] = useState(false);
  const manages = useMay('manage');
  const people = useQuery({ queryKey: ['people'], queryFn: ({ signal }) => peopleApi.people(signal) });
  const invites = people.data?.invites ?? [];
  return (
    <PageShell
      title="People"
      note="Everybody signs in on their own: by passkey, by password, or with the account of a provider."
      actions={
        manages ? (
          <Button look="primary" onClick={() => setInviting(true)}>
            <UserPlus size={20} strokeWidth={1.75} aria-hidden />
            Invite somebody
          </Button>
        ) : null
      }
    >
      <div className="flex flex-col gap-4">
        {people.error ? <ErrorNote error={people.error} /> : null}
        <Panel title="Here">
          {people.data ? (
            <ul className="flex flex-col">
              {people.data.items.map((person) => (
                <PersonRow key={person.name} person={person} />
              ))}
            </ul>
          ) : (
            <p className="text-muted">{people.error ? 'The list could not be read.' : 'Reading the list …'}</p>
          )}
        </Panel>
        {invites.length > 0 ? (
          <Panel title="Invited">
            <ul className="flex flex-col">
              {invites.map((invite) => (
                <InviteRow key={invite.name} invite={invite} />
              ))}
            </ul>
          </Panel>
        ) : null}
        {manages ? <TvsPanel /> : null}
      </div>
      <InviteDialog open={inviting} onOpenChange={setInviting} />
    </PageShell>
  );
}
