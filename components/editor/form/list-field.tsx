'use client';
/** ListField: a list of the document, one text field an entry. An entry that only YAML can show is named and left alone. */
import { Plus, X } from 'lucide-react';
import { useId, useState } from 'react';
import { appendTo, deleteIn, setIn } from '../../manifest/edit-manifest.ts';
import type { ListEntry } from '../../manifest/form-model.ts';
import type { Path } from '../../manifest/locate.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { dataPath, useEditing, useIssuesAt } from '../editing.ts';
import { IssueWords } from './issue-words.tsx';

interface ListFieldProps {
  label: string;
  /** The singular, for buttons: `port`. */
  word: string;
  path: Path;
  entries: readonly ListEntry[];
  placeholder: string;
  hint?: string;
}

export function ListField({ label, word, path, entries, placeholder, hint }: ListFieldProps) {
  const { edit, disabled } = useEditing();
  const [adding, setAdding] = useState(false);
  const listIssues = useIssuesAt(path, 'own');
  const rows = adding ? [...entries, ''] : entries;
  const id = useId();

  function change(index: number, typed: string) {
    if (index < entries.length) edit((text) => setIn(text, [...path, index], typed));
    else if (typed !== '') {
      edit((text) => appendTo(text, path, typed));
      setAdding(false);
    }
  }

  function leave(index: number) {
    if (index >= entries.length) setAdding(false);
    else if (entries[index] === '') edit((text) => deleteIn(text, [...path, index]));
  }

  return (
    <fieldset
      className="flex min-w-0 flex-col gap-1.5"
      data-path={dataPath(path)}
      aria-describedby={hint ? `${id}-hint` : undefined}
    >
      <legend className="mb-1 text-13 font-semibold text-muted">{label}</legend>
      {rows.map((entry, index) => (
        <Entry
          // biome-ignore lint/suspicious/noArrayIndexKey: entries are known by their place in the document
          key={index}
          label={`${label}, ${index + 1}`}
          word={word}
          path={[...path, index]}
          entry={entry}
          placeholder={placeholder}
          focus={adding && index === entries.length}
          onChange={(typed) => change(index, typed)}
          onLeave={() => leave(index)}
          onRemove={() => (index < entries.length ? edit((text) => deleteIn(text, [...path, index])) : setAdding(false))}
        />
      ))}
      <IssueWords issues={listIssues} />
      {hint && rows.length > 0 ? (
        <p id={`${id}-hint`} className="text-13 text-muted">
          {hint}
        </p>
      ) : null}
      <Button look="quiet" className="self-start" disabled={disabled} onClick={() => setAdding(true)}>
        <Plus size={18} strokeWidth={1.75} aria-hidden />
        Add {word}
      </Button>
    </fieldset>
  );
}

interface EntryProps {
  label: string;
  word: string;
  path: Path;
  entry: ListEntry;
  placeholder: string;
  focus: boolean;
  onChange: (typed: string) => void;
  onLeave: () => void;
  onRemove: () => void;
}

function Entry({ label, word, path, entry, placeholder, focus, onChange, onLeave, onRemove }: EntryProps) {
  const { disabled } = useEditing();
  const issues = useIssuesAt(path);
  const id = useId();
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center gap-2">
        {entry === undefined ? (
          <p className="flex-1 text-15 text-muted" data-path={dataPath(path)}>
            Written in YAML
          </p>
        ) : (
          <input
            aria-label={label}
            aria-describedby={`${id}-issues`}
            aria-invalid={issues.some((issue) => issue.severity === 'error') || undefined}
            className="control w-full min-w-0 font-mono text-13"
            data-path={dataPath(path)}
            value={entry}
            placeholder={placeholder}
            disabled={disabled}
            // biome-ignore lint/a11y/noAutofocus: the person just asked for this row
            autoFocus={focus}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => onChange(event.target.value)}
            onBlur={onLeave}
          />
        )}
        <IconButton
          label={`Remove ${word} ${entry ?? ''}`}
          disabled={disabled}
          onMouseDown={(event) => event.preventDefault()}
          onClick={onRemove}
        >
          <X size={18} strokeWidth={1.75} />
        </IconButton>
      </div>
      <IssueWords id={`${id}-issues`} issues={issues} />
    </div>
  );
}
