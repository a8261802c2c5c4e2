'use client';
/**
 * ConfirmByName: for what cannot be undone. The person types the name, then the button works.
 *   <ConfirmByName open onOpenChange name="hello" title="Delete hello?" effect="Its services stop on 3 devices." verb="Delete on 3 devices" onConfirm={async () => …} />
 * An error thrown by `onConfirm` is shown in the dialog; without one the dialog closes.
 */
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { ErrorNote } from './error-note.tsx';
import { NameToConfirm } from './name-to-confirm.tsx';

interface ConfirmByNameProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  name: string;
  title: string;
  /** What happens on the devices. */
  effect: ReactNode;
  /** Words of the button, with the size of the effect. */
  verb: string;
  onConfirm: () => Promise<void>;
}

export function ConfirmByName({ open, onOpenChange, name, title, effect, verb, onConfirm }: ConfirmByNameProps) {
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  function change(next: boolean) {
    if (busy) return;
    setTyped('');
    setError(undefined);
    onOpenChange(next);
  }

  async function confirm(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      await onConfirm();
      setTyped('');
      onOpenChange(false);
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog open={open} onOpenChange={change} title={title}>
      <form onSubmit={confirm} className="flex flex-col gap-4">
        <p>{effect}</p>
        <NameToConfirm name={name} typed={typed} onType={setTyped} />
        {error ? <ErrorNote error={error} /> : null}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={() => change(false)}>Keep it</Button>
          <Button type="submit" look="danger" disabled={typed !== name} busy={busy && 'Working …'}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
