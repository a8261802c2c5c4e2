'use client';
/** Folded: a part of a service that most services do not need. It opens by itself when something is written there or wrong. */
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';

interface FoldedProps {
  title: string;
  /** Shown beside the title, for example how many there are. */
  note?: string | undefined;
  open: boolean;
  children: ReactNode;
}

export function Folded({ title, note, open, children }: FoldedProps) {
  // It opens by itself and never closes by itself: somebody may be typing inside.
  const [opened, setOpened] = useState(open);
  if (open && !opened) setOpened(true);
  return (
    <details
      open={opened}
      onToggle={(event) => setOpened(event.currentTarget.open || open)}
      className="group border-t border-line"
    >
      <summary className="flex min-h-9 cursor-pointer list-none items-center gap-2 text-15 text-muted hover:text-text touch:min-h-11">
        <ChevronRight
          size={16}
          strokeWidth={1.75}
          aria-hidden
          className="transition-transform duration-(--t-fast) group-open:rotate-90"
        />
        <span>{title}</span>
        {note ? <span className="min-w-0 truncate text-13">{note}</span> : null}
      </summary>
      <div className="flex flex-col gap-3 pt-1 pb-3 pl-6">{children}</div>
    </details>
  );
}
