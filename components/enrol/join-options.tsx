'use client';
import { type FormEvent, useState } from 'react';
import { JoinTokenRequest } from '#contracts/api-identity.ts';
import { issuesFromZod } from '#contracts/issue.ts';
import { useDevices } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';

export interface JoinOptions {
  name?: string | undefined;
  labels?: Record<string, string> | undefined;
  approval?: boolean | undefined;
}

interface JoinOptionsFormProps {
  value: JoinOptions;
  busy: boolean;
  onChange: (options: JoinOptions) => void;
}

/** Nothing here is required: a device brings its own name. A change makes a new line, because the old one says otherwise. */
export function JoinOptionsForm({ value, busy, onChange }: JoinOptionsFormProps) {
  const devices = useDevices();
  const [name, setName] = useState(value.name ?? '');
  const [labels, setLabels] = useState(toText(value.labels));
  const [approval, setApproval] = useState(value.approval ?? false);
  const parsed = fromText(labels);
  const checked = JoinTokenRequest.safeParse({ ...(name ? { name } : {}), ...(parsed ? { labels: parsed } : {}), approval });
  const issues = checked.success ? [] : issuesFromZod(checked.error);
  const wordsFor = (part: string) => issues.find(({ path }) => path[0] === part)?.message;
  const taken = devices.some((device) => device.name === name);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!checked.success || taken || !parsed) return;
    onChange({ name: name || undefined, labels: parsed, approval });
  }

  return (
    <details className="rounded-ctl border border-line">
      <summary className="cursor-pointer px-4 py-2 text-15 text-muted">Name, labels, approval (may wait)</summary>
      <form onSubmit={submit} noValidate className="flex flex-col gap-3 border-t border-line px-4 py-3">
        <Field
          label="Name"
          hint="Taken from the device where it is empty."
          error={taken ? `${name} is on the wall already. Choose another name.` : wordsFor('name')}
        >
          {(control) => (
            <Input
              {...control}
              value={name}
              onChange={(event) => setName(event.target.value.trim().toLowerCase())}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          )}
        </Field>
        <Field
          label="Labels"
          hint="For example site=berlin, role=camera. Model and memory come from the device."
          error={parsed ? wordsFor('labels') : 'Write each label as key=value, with commas between them.'}
        >
          {(control) => (
            <Input
              {...control}
              value={labels}
              onChange={(event) => setLabels(event.target.value)}
              autoComplete="off"
              spellCheck={false}
            />
          )}
        </Field>
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            checked={approval}
            onChange={(event) => setApproval(event.target.checked)}
            className="mt-1 size-4"
          />
          <span>Ask me before it gets in: four words have to be the same on the device and here.</span>
        </label>
        <Button type="submit" className="self-start" busy={busy && 'Making it …'}>
          Make a new line with this
        </Button>
      </form>
    </details>
  );
}

const toText = (labels: Record<string, string> = {}) =>
  Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');

/** undefined: it cannot be read. */
function fromText(text: string): Record<string, string> | undefined {
  const parts = text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
  const pairs = parts.map((part) => part.split('=').map((word) => word.trim()));
  if (pairs.some((pair) => pair.length !== 2 || !pair[0])) return undefined;
  return Object.fromEntries(pairs);
}
