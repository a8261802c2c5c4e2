'use client';
import { displayName } from '#contracts/device-words.ts';
import { Button } from '../ui/button.tsx';
import { listNames } from '../ui/words.ts';

interface SelectionBarProps {
  selected: readonly string[];
  /** undefined: this person may not type to devices. */
  onBroadcast: (() => void) | undefined;
  onClear: () => void;
}

/** What is selected, by name, and what can be done with all of it. */
export function SelectionBar({ selected, onBroadcast, onClear }: SelectionBarProps) {
  return (
    <section
      aria-label="Selection"
      className="fixed inset-x-0 bottom-0 z-30 flex flex-wrap items-center gap-x-4 gap-y-2 border-t border-line-strong bg-surface px-4 py-2.5"
    >
      <p className="min-w-0 flex-1">
        <strong className="font-semibold">{selected.length} selected:</strong> {listNames(selected.map(displayName), 8)}
      </p>
      {onBroadcast ? <Button onClick={onBroadcast}>Broadcast a line (b)</Button> : null}
      <Button look="quiet" onClick={onClear}>
        Clear (Esc)
      </Button>
    </section>
  );
}
