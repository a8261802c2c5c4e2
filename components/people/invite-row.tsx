'use client';
import { useQueryClient } from '@tanstack/react-query';
import { grantWords } from '#contracts/access.ts';
import type { Invite } from '#contracts/api-people.ts';
import { peopleApi } from '../live/people-api.ts';
import { useMay } from '../live/use-me.ts';
import { Button } from '../ui/button.tsx';
import { moment } from './moment.ts';
import { sayFailure } from './say-failure.ts';

export function InviteRow({ invite: { name, role, grants, createdBy, expiresAt } }: { invite: Invite }) {
  const queries = useQueryClient();
  const manages = useMay('manage');
  const withdraw = () =>
    peopleApi
      .withdrawInvite(name)
      .catch(sayFailure)
      .finally(() => queries.invalidateQueries({ queryKey: ['people'] }));
  return (
    <li aria-label={name} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold [overflow-wrap:anywhere]">
          {name} <span className="font-normal text-muted">as {grants.length > 0 ? grantWords(grants) : role}</span>
        </p>
        <p className="text-13 text-muted">
          Invited by {createdBy} · the link ends {moment(expiresAt)}
        </p>
      </div>
      {manages ? (
        <Button look="quiet" aria-label={`Take back the invite of ${name}`} onClick={() => void withdraw()}>
          Take back
        </Button>
      ) : null}
    </li>
  );
}
