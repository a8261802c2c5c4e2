'use client';
import { type FormEvent, useState } from 'react';
import type { AuditWords } from '../live/credentials-api.ts';
import { Button } from '../ui/button.tsx';
import { Field, Input, Select } from '../ui/field.tsx';

/** The browser's own date and time, as the moment it means. */
const toMoment = (local: string): string => (local ? new Date(local).toISOString() : '');

export function AuditFilter({ onChange }: { onChange: (words: AuditWords) => void }) {
  const [words, setWords] = useState<AuditWords>({});
  const set = (key: keyof AuditWords) => (event: { target: { value: string } }) =>
    setWords((before) => ({ ...before, [key]: event.target.value }));

  function submit(event: FormEvent) {
    event.preventDefault();
    const { user = '', action = '', target = '', result = '', since = '', until = '' } = words;
    onChange({
      user: user.trim(),
      action: action.trim(),
      target: target.trim(),
      result,
      since: toMoment(since),
      until: toMoment(until),
    });
  }

  return (
    <form onSubmit={submit} aria-label="Filter" className="flex flex-wrap items-end gap-3">
      <Field label="Person" className="w-32">
        {(control) => <Input {...control} autoCapitalize="none" spellCheck={false} onChange={set('user')} />}
      </Field>
      <Field label="Action" className="w-40">
        {(control) => (
          <Input {...control} placeholder="device" autoCapitalize="none" spellCheck={false} onChange={set('action')} />
        )}
      </Field>
      <Field label="On what" className="w-40">
        {(control) => <Input {...control} autoCapitalize="none" spellCheck={false} onChange={set('target')} />}
      </Field>
      <Field label="Result" className="w-28">
        {(control) => (
          <Select {...control} onChange={set('result')}>
            <option value="">any</option>
            <option value="ok">done</option>
            <option value="refused">not done</option>
          </Select>
        )}
      </Field>
      <Field label="From" className="w-52">
        {(control) => <Input {...control} type="datetime-local" onChange={set('since')} />}
      </Field>
      <Field label="Until" className="w-52">
        {(control) => <Input {...control} type="datetime-local" onChange={set('until')} />}
      </Field>
      <Button type="submit">Filter</Button>
    </form>
  );
}
