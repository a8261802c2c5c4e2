'use client';
import { useState } from 'react';
import { Button } from '../../ui/button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { StatusShape } from '../../ui/status-shape.tsx';
import type { ComposeNote } from './compose-note.ts';

/** What of the compose file did not come along. */
export function ComposeNotes({ notes }: { notes: readonly ComposeNote[] }) {
  const [open, setOpen] = useState(true);
  if (!open) return null;
  return (
    <Panel
      title="From the compose file"
      aside={
        <Button look="quiet" onClick={() => setOpen(false)}>
          Understood
        </Button>
      }
    >
      <ul className="flex max-h-40 flex-col gap-1.5 overflow-y-auto">
        {notes.map(({ service, message }) => (
          <li key={`${service ?? ''} ${message}`} className="flex items-start gap-2">
            <StatusShape health="attention" size={16} className="mt-1" />
            <span className="min-w-0 [overflow-wrap:anywhere]">
              {service ? <strong className="font-semibold">{service} </strong> : null}
              {message}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
