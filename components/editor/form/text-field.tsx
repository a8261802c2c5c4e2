'use client';
/** TextField: one value of the document as a text control. An emptied optional value leaves the document when the field is left. */
import { type ReactNode, useId } from 'react';
import { deleteIn, setIn } from '../../manifest/edit-manifest.ts';
import type { Path } from '../../manifest/locate.ts';
import { classNames } from '../../ui/class-names.ts';
import { dataPath, useEditing, useIssuesAt } from '../editing.ts';
import { IssueWords } from './issue-words.tsx';

interface TextFieldProps {
  label: string;
  path: Path;
  value: string | undefined;
  hint?: ReactNode;
  placeholder?: string;
  /** Stays in the document when it is emptied. */
  required?: boolean;
  readOnly?: boolean;
  hideLabel?: boolean;
  suggestions?: readonly string[];
  /** How the typed text is written: a number, a list of words. The text itself if absent. */
  write?: (text: string) => unknown;
  className?: string;
}

export function TextField(props: TextFieldProps) {
  const { label, path, value, hint, placeholder, required, readOnly, hideLabel, suggestions, write = asIs, className } = props;
  const { edit, disabled } = useEditing();
  const issues = useIssuesAt(path);
  const id = useId();
  return (
    <div className={classNames('flex min-w-0 flex-col gap-1', className)}>
      <label htmlFor={id} className={hideLabel ? 'sr-only' : 'text-13 font-semibold text-muted'}>
        {label}
      </label>
      <input
        id={id}
        className="control w-full min-w-0"
        data-path={dataPath(path)}
        value={value ?? ''}
        placeholder={placeholder}
        disabled={disabled}
        readOnly={readOnly}
        list={suggestions ? `${id}-list` : undefined}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        aria-invalid={issues.some((issue) => issue.severity === 'error') || undefined}
        aria-describedby={`${id}-issues ${id}-hint`}
        onChange={(event) => {
          const typed = event.target.value;
          edit((text) => setIn(text, path, typed === '' ? '' : write(typed)));
        }}
        onBlur={() => {
          if (value === '' && !required) edit((text) => deleteIn(text, path));
        }}
      />
      {suggestions ? (
        <datalist id={`${id}-list`}>
          {suggestions.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      ) : null}
      <IssueWords id={`${id}-issues`} issues={issues} />
      {hint ? (
        <p id={`${id}-hint`} className="text-13 text-muted">
          {hint}
        </p>
      ) : null}
    </div>
  );
}

const asIs = (text: string) => text;

/** Digits become a number; anything else stays as typed and is an issue. */
export const asNumber = (text: string): unknown => (/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text);
