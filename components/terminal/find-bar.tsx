'use client';
/** Search in what the terminal shows and kept: Enter forward, Shift+Enter back, Esc closes. */
import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { IconButton } from '../ui/button.tsx';
import { Field, Input } from '../ui/field.tsx';
import type { TerminalHandle } from './use-terminal.ts';

export function FindBar({ terminal }: { terminal: TerminalHandle }) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const { index, count } = terminal.found;
  const find = (direction: 'next' | 'previous') => terminal.screen.current?.find(text, direction, false);
  useEffect(() => input.current?.focus(), []);

  function keys(event: KeyboardEvent) {
    event.stopPropagation();
    if (event.key === 'Escape') terminal.setFinding(false);
    else if (event.key === 'Enter') find(event.shiftKey ? 'previous' : 'next');
    else return;
    event.preventDefault();
  }

  return (
    <search data-keeps-typing="" className="flex items-center gap-2 border-b border-line bg-surface px-3 py-1.5" onKeyDown={keys}>
      <Field label="Find in this terminal" hideLabel className="min-w-0 flex-1 basis-24">
        {(control) => (
          <Input
            {...control}
            ref={input}
            type="search"
            placeholder="Find in this terminal"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              terminal.screen.current?.find(event.target.value, 'next', true);
            }}
          />
        )}
      </Field>
      <span role="status" className="min-w-12 text-13 text-muted tabular-nums empty:hidden">
        {text ? (count > 0 ? `${index + 1} of ${count}` : `No “${text}” here.`) : null}
      </span>
      <IconButton label="One before" onClick={() => find('previous')}>
        <ChevronUp size={20} strokeWidth={1.75} />
      </IconButton>
      <IconButton label="Next one" onClick={() => find('next')}>
        <ChevronDown size={20} strokeWidth={1.75} />
      </IconButton>
      <IconButton label="Close the search" onClick={() => terminal.setFinding(false)}>
        <X size={20} strokeWidth={1.75} />
      </IconButton>
    </search>
  );
}
