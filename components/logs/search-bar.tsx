'use client';
/** Looking for something: in what is shown, as it is typed; in everything the devices keep, by the button. */
import { type KeyboardEvent, type Ref, useId } from 'react';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { Input } from '../ui/field.tsx';
import { count } from './log-words.ts';
import type { QueryText } from './query.ts';

interface SearchBarProps {
  ref: Ref<HTMLInputElement>;
  text: QueryText;
  onChange: (text: QueryText) => void;
  error: string | undefined;
  /** Lines that match among those shown. */
  found: number | undefined;
  onStep: (step: 1 | -1) => void;
  onLeave: () => void;
  onSearchAll: () => void;
  searching: boolean;
}

export function SearchBar({ ref, text, onChange, error, found, onStep, onLeave, onSearchAll, searching }: SearchBarProps) {
  const errorId = useId();
  const keys = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onLeave();
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSearchAll();
    else if (event.key === 'Enter') onStep(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="flex min-w-0 flex-1 basis-80 flex-wrap max-sm:basis-full items-center gap-1.5">
      <Input
        ref={ref}
        type="search"
        aria-label="Find in the lines"
        placeholder="Find in the lines (/)"
        value={text.pattern}
        maxLength={500}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? errorId : undefined}
        onChange={(event) => onChange({ ...text, pattern: event.target.value })}
        onKeyDown={keys}
        className="max-w-72 flex-1 basis-40 font-mono max-sm:max-w-none"
      />
      <Switch label="Regular expression" on={text.regex} onClick={() => onChange({ ...text, regex: !text.regex })}>
        .*
      </Switch>
      <Switch
        label="Capitals matter"
        on={text.caseSensitive}
        onClick={() => onChange({ ...text, caseSensitive: !text.caseSensitive })}
      >
        Aa
      </Switch>
      {text.pattern && !error ? (
        <>
          <span role="status" className="text-13 text-muted">
            {found === undefined ? '' : found === 1 ? '1 line here' : `${count(found)} lines here`}
          </span>
          <Button look="quiet" onClick={onSearchAll} disabled={searching} title="Ctrl+Enter">
            Search the whole history
          </Button>
        </>
      ) : null}
      {error ? (
        <p id={errorId} role="alert" className="basis-full text-13 text-text">
          {error}
        </p>
      ) : null}
    </search>
  );
}

function Switch({ label, on, onClick, children }: { label: string; on: boolean; onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      aria-pressed={on}
      aria-label={label}
      title={label}
      onClick={onClick}
      className={classNames(
        'min-h-9 min-w-9 touch:min-h-11 touch:min-w-11 rounded-ctl border px-2 font-mono text-13',
        on ? 'border-accent bg-raised text-text' : 'border-line-strong text-muted hover:bg-raised',
      )}
    >
      {children}
    </button>
  );
}

export { Switch };
