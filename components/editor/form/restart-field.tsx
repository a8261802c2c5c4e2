'use client';
import { useId } from 'react';
import { deleteIn, setIn } from '../../manifest/edit-manifest.ts';
import type { Path } from '../../manifest/locate.ts';
import { Select } from '../../ui/field.tsx';
import { dataPath, useEditing, useIssuesAt } from '../editing.ts';
import { IssueWords } from './issue-words.tsx';

const CHOICES = [
  { value: '', words: 'Always (if nothing is said)' },
  { value: 'always', words: 'Always' },
  { value: 'unless-stopped', words: 'Always, unless somebody stopped it' },
  { value: 'on-failure', words: 'Only when it failed' },
  { value: 'no', words: 'Never' },
] as const;

export function RestartField({ path, value }: { path: Path; value: string | undefined }) {
  const { edit, disabled } = useEditing();
  const issues = useIssuesAt(path);
  const id = useId();
  const known = CHOICES.some((choice) => choice.value === (value ?? ''));
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="text-13 font-semibold text-muted">
        When it ends, start it again
      </label>
      <Select
        id={id}
        data-path={dataPath(path)}
        disabled={disabled}
        value={value ?? ''}
        aria-describedby={`${id}-issues`}
        onChange={(event) => {
          const chosen = event.target.value;
          edit((text) => (chosen === '' ? deleteIn(text, path) : setIn(text, path, chosen)));
        }}
      >
        {CHOICES.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.words}
          </option>
        ))}
        {known ? null : <option value={value}>{value}</option>}
      </Select>
      <IssueWords id={`${id}-issues`} issues={issues} />
    </div>
  );
}
