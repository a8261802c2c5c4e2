'use client';
import { type FormEvent, useState } from 'react';
import type { Passkey, You } from '#contracts/api-auth.ts';
import { authApi } from '../live/auth-api.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { createPasskey } from './passkey-ceremony.ts';
import { PasskeyNote } from './passkey-note.tsx';
import { useDoors } from './use-doors.ts';
import { useWork } from './use-work.ts';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
const day = (iso: string) => DAY.format(new Date(iso));

/** Your passkeys: added, named, removed. */
export function PasskeysPanel({ you }: { you: You | undefined }) {
  const doors = useDoors();
  const [name, setName] = useState('');
  const { busy, error, run } = useWork<string>();

  async function add(event: FormEvent) {
    event.preventDefault();
    const done = await run('add', async () => {
      const made = await createPasskey(await authApi.passkeyOptions());
      await authApi.addPasskey(name.trim() || 'This device', made);
    });
    if (done) setName('');
  }

  return (
    <Panel title="Passkeys">
      <p className="text-muted">
        Sign in by finger, face or PIN, without a name. Nothing that could be guessed or typed into a wrong page.
      </p>
      <ul aria-label="Your passkeys" className="my-3 flex min-h-14 flex-col">
        {you?.passkeys.map((one) => (
          <PasskeyRow
            key={one.id}
            passkey={one}
            busy={busy === one.id}
            onRemove={() => void run(one.id, async () => void (await authApi.removePasskey(one.id)))}
          />
        ))}
        {you?.passkeys.length === 0 ? <li className="py-2.5 text-muted">None yet.</li> : null}
      </ul>
      {error ? <ErrorNote error={error} className="mb-3" /> : null}
      <div className="min-h-20">
        {doors?.place === 'ready' ? (
          <form onSubmit={add} className="flex flex-wrap items-end gap-3">
            <Field label="Name of the new passkey" className="flex-1 basis-56">
              {(control) => (
                <Input
                  {...control}
                  maxLength={40}
                  placeholder="This device"
                  value={name}
                  onChange={(event) => setName(event.target.value)}
                />
              )}
            </Field>
            <Button type="submit" busy={busy === 'add' && 'Waiting for it …'}>
              Add a passkey
            </Button>
          </form>
        ) : doors ? (
          <PasskeyNote place={doors.place} hosts={doors.hosts} hasCa={doors.ca !== undefined} />
        ) : null}
      </div>
    </Panel>
  );
}

function PasskeyRow({ passkey, busy, onRemove }: { passkey: Passkey; busy: boolean; onRemove: () => void }) {
  const { name, host, synced, createdAt, lastUsedAt } = passkey;
  return (
    <li aria-label={name} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line py-2.5 last:border-b-0">
      <div className="min-w-0 flex-1 basis-52">
        <p className="font-semibold [overflow-wrap:anywhere]">{name}</p>
        <p className="text-13 text-muted">
          For {host} · added {day(createdAt)} · {lastUsedAt ? `used ${day(lastUsedAt)}` : 'not used yet'}
          {synced ? ' · kept in your account' : ''}
        </p>
      </div>
      <Button look="quiet" aria-label={`Remove ${name}`} busy={busy && 'Removing …'} onClick={onRemove}>
        Remove
      </Button>
    </li>
  );
}
