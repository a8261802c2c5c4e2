'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { grantWords } from '#contracts/access.ts';
import type { Person } from '#contracts/api-people.ts';
import { TurnCodesOff } from '../auth/turn-codes-off.tsx';
import { peopleApi } from '../live/people-api.ts';
import { useMe } from '../live/use-me.ts';
import { Button } from '../ui/button.tsx';
import { ConfirmByName } from '../ui/confirm-by-name.tsx';
import { toast } from '../ui/toast.tsx';
import { RoleSelect } from './role-select.tsx';
import { type GivenRole, mayHandle, ROLE_WORDS, rolesToGive } from './role-words.ts';
import { sayFailure } from './say-failure.ts';

export function PersonRow({ person }: { person: Person }) {
  const { name, role, grants, invitedBy, provider } = person;
  const limited = grants.some(({ selector }) => selector);
  // One that is bound to labels stays bound to them; several are changed from the command line.
  const only = limited && grants.length === 1 ? grants[0] : undefined;
  const me = useMe();
  const queries = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const [busy, setBusy] = useState(false);
  const changes = mayHandle(me?.role, role);
  const changesRole = changes && (!limited || only !== undefined);
  const reload = () => queries.invalidateQueries({ queryKey: ['people'] });

  async function change(next: GivenRole) {
    setBusy(true);
    try {
      await peopleApi.changePerson(name, only?.selector ? { grants: [{ role: next, selector: only.selector }] } : { role: next });
      toast({ title: `${name} is ${next} now.`, text: `${ROLE_WORDS[next]}.` });
    } catch (failure) {
      sayFailure(failure);
    } finally {
      await reload();
      setBusy(false);
    }
  }

  return (
    <li aria-label={name} className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-60">
        <p className="font-semibold [overflow-wrap:anywhere]">
          {name}
          {me?.user === name ? <span className="font-normal text-muted"> (you)</span> : null}
        </p>
        <p className="text-13 text-muted">
          {limited ? `May: ${grantWords(grants)}` : ROLE_WORDS[role]}
          {provider ? ' · signs in at the provider' : invitedBy ? ` · invited by ${invitedBy}` : ''}
        </p>
      </div>
      {changes && role !== 'owner' ? (
        <>
          {changesRole ? (
            <RoleSelect
              aria-label={`Role of ${name}`}
              className="w-36!"
              roles={rolesToGive(me?.role)}
              value={role}
              disabled={busy}
              onChoose={(next) => void change(next)}
            />
          ) : null}
          {person.codes ? <TurnCodesOff name={name} onDone={reload} /> : null}
          <Button look="quiet" onClick={() => setRemoving(true)}>
            Remove {name}
          </Button>
          <ConfirmByName
            open={removing}
            onOpenChange={setRemoving}
            name={name}
            title={`Remove ${name}?`}
            effect="They are signed out everywhere at once, and their links for guests end. Devices are not affected."
            verb={`Remove ${name}`}
            onConfirm={async () => {
              await peopleApi.removePerson(name);
              await reload();
            }}
          />
        </>
      ) : (
        <p className="text-muted">{role}</p>
      )}
    </li>
  );
}
