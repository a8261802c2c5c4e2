'use client';
/** The sessions of a device as a row of tabs; arrows move between them. */
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { displayName } from '#contracts/device.ts';
import type { TerminalState } from '#contracts/stream/terminal.ts';
import { classNames } from '../ui/class-names.ts';

interface SessionTabsProps {
  device: string;
  sessions: readonly { state: TerminalState; name: string }[];
  current: string | undefined;
  onChoose: (sid: string) => void;
  aside: ReactNode;
}

export function SessionTabs({ device, sessions, current, onChoose, aside }: SessionTabsProps) {
  const list = useRef<HTMLDivElement>(null);
  if (sessions.length === 0 && !aside) return null;
  function keys(event: KeyboardEvent) {
    const step = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    const next = step ? sessions[sessions.findIndex(({ state }) => state.sid === current) + step] : undefined;
    if (step) event.stopPropagation();
    if (!next) return;
    onChoose(next.state.sid);
    list.current?.querySelector<HTMLElement>(`[data-sid="${next.state.sid}"]`)?.focus();
  }
  return (
    <div className="flex min-h-11 items-center gap-2 border-b border-line px-2">
      {sessions.length === 0 ? <span className="flex-1" /> : null}
      <div
        ref={list}
        role="tablist"
        hidden={sessions.length === 0}
        aria-label={`Open terminals of ${displayName(device)}`}
        onKeyDown={keys}
        className="flex min-w-0 flex-1 gap-1 overflow-x-auto py-1"
      >
        {sessions.map(({ state, name }) => (
          <button
            key={state.sid}
            type="button"
            role="tab"
            data-sid={state.sid}
            aria-selected={state.sid === current}
            tabIndex={state.sid === current ? 0 : -1}
            onClick={() => onChoose(state.sid)}
            className={classNames(
              'min-h-9 touch:min-h-11 shrink-0 rounded-ctl px-3 text-15 outline-offset-[-3px]',
              state.sid === current ? 'bg-raised font-semibold' : 'text-muted hover:text-text',
            )}
          >
            {name}
            {state.ended ? <span className="text-muted"> (ended)</span> : null}
            {state.writer ? <span className="text-13 text-muted"> · {state.writer.name} types</span> : null}
          </button>
        ))}
      </div>
      {aside}
    </div>
  );
}
