'use client';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useRef, useState } from 'react';
import { grantWords } from '#contracts/access.ts';
import { type Invite, InviteRequest } from '#contracts/api-people.ts';
import { issuesFromZod } from '#contracts/issue.ts';
import { peopleApi } from '../live/people-api.ts';
import { useMe } from '../live/use-me.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';
import { moment } from './moment.ts';
import { RoleSelect } from './role-select.tsx';
import { type GivenRole, rolesToGive } from './role-words.ts';
import { readSelector } from './selector-text.ts';

interface InviteDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const FORM_ID = 'invite';

/** A name and a role, then the link: it is shown once and sent by whoever invites. */
export function InviteDialog({ open, onOpenChange }: InviteDialogProps) {
  const [invite, setInvite] = useState<Invite>();
  const [busy, setBusy] = useState(false);

  function change(next: boolean) {
    if (!next) setInvite(undefined);
    onOpenChange(next);
  }

  return (
    <Dialog
      open={open}
      onOpenChange={change}
      modal={invite ? 'strict' : 'light'}
      title={invite ? `Send this link to ${invite.name}` : 'Invite somebody'}
      footer={
        invite ? (
          <Button onClick={() => change(false)}>Done</Button>
        ) : (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button look="primary" type="submit" form={FORM_ID} busy={busy && 'Making the link …'}>
              Make a link
            </Button>
          </>
        )
      }
    >
      {invite ? <InviteLink invite={invite} /> : <InviteForm onBusy={setBusy} onInvited={setInvite} />}
    </Dialog>
  );
}

function InviteLink({ invite: { role, grants, url = '', expiresAt } }: { invite: Invite }) {
  const link = useRef<HTMLElement>(null);
  return (
    <div className="flex flex-col gap-4">
      <p>
        Good once, until {moment(expiresAt)}. Whoever opens it becomes {grants.length > 0 ? grantWords(grants) : role} here, so
        send it the way you would send a key. It is not shown again.
      </p>
      <div className="flex flex-wrap items-center gap-3">
        <code
          ref={link}
          className="min-w-0 flex-1 basis-72 rounded-ctl bg-raised px-3 py-2 font-mono text-13 [overflow-wrap:anywhere]"
        >
          {url}
        </code>
        <CopyButton text={url} label="Copy the link" source={link} look="primary" />
      </div>
    </div>
  );
}

interface InviteFormProps {
  onBusy: (busy: boolean) => void;
  onInvited: (invite: Invite) => void;
}

function InviteForm({ onBusy, onInvited }: InviteFormProps) {
  const me = useMe();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<GivenRole>('viewer');
  const [labels, setLabels] = useState('');
  const [asked, setAsked] = useState(false);
  const [error, setError] = useState<unknown>();
  const field = useRef<HTMLInputElement>(null);
  const { selector, issue: labelIssue } = readSelector(labels);
  const checked = InviteRequest.safeParse({ name, ...(selector ? { grants: [{ role, selector }] } : { role }) });
  const issue = checked.success || (name === '' && !asked) ? undefined : issuesFromZod(checked.error)[0]?.message;

  async function submit(event: FormEvent) {
    event.preventDefault();
    setAsked(true);
    if (labelIssue) return;
    if (!checked.success) return field.current?.focus();
    onBusy(true);
    setError(undefined);
    try {
      onInvited(await peopleApi.invite(checked.data));
      await queries.invalidateQueries({ queryKey: ['people'] });
    } catch (failure) {
      setError(failure);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={FORM_ID} onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field label="Name" hint="What they will be called here, and sign in with." error={issue}>
        {(control) => (
          <Input
            {...control}
            ref={field}
            value={name}
            placeholder="sam"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => setName(event.target.value.toLowerCase().trimStart().replace(/\s+/g, '-'))}
          />
        )}
      </Field>
      <Field label="Role">
        {(control) => <RoleSelect {...control} roles={rolesToGive(me?.role)} value={role} onChoose={setRole} explained />}
      </Field>
      <Field label="Devices" hint="Labels, as site=berlin. Empty: the whole fleet." error={labelIssue}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={labels}
            onChange={(event) => setLabels(event.target.value)}
          />
        )}
      </Field>
      {error ? <ErrorNote error={error} /> : null}
    </form>
  );
}
