'use client';
import { Plus } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { AddDeviceRequest, type AddedDevice } from '#contracts/api.ts';
import { issuesFromZod } from '#contracts/issue.ts';
import { type LabelRow, LabelRows } from '../device/label-rows.tsx';
import { api } from '../live/api-client.ts';
import { useDevices } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';

interface AddDeviceFormProps {
  id: string;
  onBusy: (busy: boolean) => void;
  onAdded: (added: AddedDevice) => void;
}

export function AddDeviceForm({ id, onBusy, onAdded }: AddDeviceFormProps) {
  const devices = useDevices();
  const [name, setName] = useState('');
  const [labels, setLabels] = useState<LabelRow[]>([]);
  const [tried, setTried] = useState(false);
  const [error, setError] = useState<unknown>();
  const nameInput = useRef<HTMLInputElement>(null);
  const nextId = useRef(0);
  useEffect(() => nameInput.current?.focus(), []);

  const request = { name, ...(labels.length > 0 ? { labels: toLabels(labels) } : {}) };
  const checked = AddDeviceRequest.safeParse(request);
  const issues = checked.success ? [] : issuesFromZod(checked.error);
  const taken = devices.some((device) => device.name === name);
  const nameIssue = taken
    ? `${name} is on the wall already. Choose another name.`
    : name === '' && tried
      ? 'Give it a name, for example alice.'
      : name !== ''
        ? issues.find((issue) => issue.path[0] === 'name')?.message
        : undefined;
  const labelIssue = issues.find((issue) => issue.path[0] === 'labels')?.message;
  const known = [...new Set(devices.flatMap((device) => Object.keys(device.labels)))];

  async function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (!checked.success || taken) return nameInput.current?.focus();
    onBusy(true);
    setError(undefined);
    try {
      onAdded(await api.addDevice(checked.data));
    } catch (failure) {
      setError(failure);
    } finally {
      onBusy(false);
    }
  }

  return (
    <form id={id} onSubmit={submit} noValidate className="flex flex-col gap-4">
      <Field label="Name" hint="What people call it: lower-case letters, digits and dashes." error={nameIssue}>
        {(control) => (
          <Input
            {...control}
            ref={nameInput}
            value={name}
            onChange={(event) => setName(event.target.value.toLowerCase().trimStart().replace(/\s+/g, '-'))}
            placeholder="front-door"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
          />
        )}
      </Field>
      <fieldset className="flex flex-col gap-2">
        <legend className="mb-1.5 text-13 font-semibold text-muted">Labels (may wait)</legend>
        <datalist id={`${id}-labels`}>
          {known.map((key) => (
            <option key={key} value={key} />
          ))}
        </datalist>
        <LabelRows rows={labels} onChange={setLabels} list={`${id}-labels`} />
        {labelIssue && tried ? (
          <p role="alert" className="text-13">
            {labelIssue}
          </p>
        ) : null}
        <Button
          look="quiet"
          className="self-start"
          onClick={() => setLabels((all) => [...all, { id: nextId.current++, key: '', value: '' }])}
        >
          <Plus size={18} strokeWidth={1.75} aria-hidden />
          Label
        </Button>
      </fieldset>
      {error ? <ErrorNote error={error} /> : null}
    </form>
  );
}

const toLabels = (rows: readonly LabelRow[]) =>
  Object.fromEntries(rows.filter((row) => row.key || row.value).map((row) => [row.key.trim(), row.value.trim()]));
