'use client';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { ROLES, rightsSomewhere } from '#contracts/access.ts';
import type { NewToken } from '#contracts/api-people.ts';
import { credentialsApi } from '../live/credentials-api.ts';
import { useMe } from '../live/use-me.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input, Select } from '../ui/field.tsx';
import { RoleSelect } from './role-select.tsx';
import type { GivenRole } from './role-words.ts';
import { readSelector } from './selector-text.ts';

const FORM_ID = 'token';
const DAYS = [7, 30, 90, 365] as const;
const DAY_MS = 86_400_000;

interface TokenDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** What it is for, what it may do and until when; then the token itself, once. */
export function TokenDialog({ open, onOpenChange }: TokenDialogProps) {
  const [made, setMade] = useState<NewToken>();
  const [busy, setBusy] = useState(false);
  const change = (next: boolean) => {
    if (!next) setMade(undefined);
    onOpenChange(next);
  };
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      modal={made ? 'strict' : 'light'}
      title={made ? 'Copy the token now' : 'Make a token'}
      footer={
        made ? (
          <Button onClick={() => change(false)}>Done</Button>
        ) : (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button look="primary" type="submit" form={FORM_ID} busy={busy && 'Making it …'}>
              Make the token
            </Button>
          </>
        )
      }
    >
      {made ? <Secret secret={made.secret} /> : <TokenForm onBusy={setBusy} onMade={setMade} />}
    </Dialog>
  );
}

function Secret({ secret }: { secret: string }) {
  const shown = useRef<HTMLElement>(null);
  return (
    <div className="flex flex-col gap-4">
      <p>
        It is not shown again. A program sends it as <code className="font-mono">Authorization: Bearer</code>; the command line
        takes it from <code className="font-mono">SCOREWALL_TOKEN</code>.
      </p>
      <div className="flex flex-wrap items-center gap-3">
        <code
          ref={shown}
          className="min-w-0 flex-1 basis-72 rounded-ctl bg-raised px-3 py-2 font-mono text-13 [overflow-wrap:anywhere]"
        >
          {secret}
        </code>
        <CopyButton text={secret} label="Copy the token" source={shown} look="primary" />
      </div>
    </div>
  );
}

function TokenForm({ onBusy, onMade }: { onBusy: (busy: boolean) => void; onMade: (token: NewToken) => void }) {
  const me = useMe();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<GivenRole>('viewer');
  const [labels, setLabels] = useState('');
  const [days, setDays] = useState<number>(30);
  const [error, setError] = useState<unknown>();
  const mine = rightsSomewhere(me?.grants ?? []);
  const roles = ROLES.filter(
    (one): one is GivenRole => one !== 'owner' && rightsSomewhere([{ role: one }]).every((right) => mine.includes(right)),
  );
  const { selector, issue } = readSelector(labels);

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (issue) return;
    onBusy(true);
    setError(undefined);
    try {
      const grant = selector ? { role, selector } : { role };
      const expiresAt = new Date(Date.now() + days * DAY_MS).toISOString();
      onMade(await credentialsApi.createToken({ name, grants: [grant], expiresAt }));
      await queries.invalidateQueries({ queryKey: ['tokens'] });
    } catch (failure) {
      setError(failure);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={FORM_ID} onSubmit={submit} className="flex flex-col gap-4">
      <Field label="What it is for">
        {(control) => (
          <Input {...control} required maxLength={60} value={name} onChange={(event) => setName(event.target.value)} />
        )}
      </Field>
      <Field label="Role">
        {(control) => <RoleSelect {...control} roles={roles} value={role} onChoose={setRole} explained />}
      </Field>
      <Field label="Devices" hint="Labels, as site=berlin. Empty: the whole fleet." error={issue}>
        {(control) => (
          <Input
            {...control}
            autoCapitalize="none"
            spellCheck={false}
            value={labels}
            onChange={(event) => setLabels(event.target.value)}
          />
        )}
      </Field>
      <Field label="Good for">
        {(control) => (
          <Select {...control} value={days} onChange={(event) => setDays(Number(event.target.value))}>
            {DAYS.map((one) => (
              <option key={one} value={one}>
                {one === 365 ? 'a year' : `${one} days`}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {error ? <ErrorNote error={error} /> : null}
    </form>
  );
}
