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
    <form onSubmit={submit} aria-label="Filter" className="grid grid-cols-2 items-end gap-3 sm:flex sm:flex-wrap">
      <Field label="Person" className="sm:w-32">
        {(control) => (
          <Input {...control} placeholder="anybody" autoCapitalize="none" spellCheck={false} onChange={set('user')} />
        )}
      </Field>
      <Field label="Action" className="sm:w-40">
        {(control) => (
          <Input {...control} placeholder="any, or device" autoCapitalize="none" spellCheck={false} onChange={set('action')} />
        )}
      </Field>
      <Field label="On what" className="sm:w-40">
        {(control) => (
          <Input {...control} placeholder="anything" autoCapitalize="none" spellCheck={false} onChange={set('target')} />
        )}
      </Field>
      <Field label="Result" className="sm:w-28">
        {(control) => (
          <Select {...control} onChange={set('result')}>
            <option value="">any</option>
            <option value="ok">done</option>
            <option value="refused">not done</option>
          </Select>
        )}
      </Field>
      <Field label="From" className="max-sm:col-span-2 sm:w-52">
        {(control) => <Input {...control} type="datetime-local" onChange={set('since')} />}
      </Field>
      <Field label="Until" className="max-sm:col-span-2 sm:w-52">
        {(control) => <Input {...control} type="datetime-local" onChange={set('until')} />}
      </Field>
      <Button type="submit" className="max-sm:col-span-2">
        Filter
      </Button>
    </form>
  );
}
