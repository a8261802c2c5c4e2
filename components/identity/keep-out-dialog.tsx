'use client';
import { type FormEvent, useEffect, useState } from 'react';
import type { KeepOutResult } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import { identityApi } from '../live/identity-api.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { NameToConfirm } from '../ui/name-to-confirm.tsx';
import { plural } from '../ui/words.ts';

interface KeepOutDialogProps {
  name: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
}

const CLOCK_MS = 50;

/** For a device that is stolen or copied: every connection is cut, and the seconds it takes are shown. */
export function KeepOutDialog({ name, open, onOpenChange, onDone }: KeepOutDialogProps) {
  const [typed, setTyped] = useState('');
  const [startedMs, setStartedMs] = useState<number>();
  const [result, setResult] = useState<KeepOutResult>();
  const [error, setError] = useState<unknown>();
  const shown = displayName(name);

  function change(next: boolean) {
    if (startedMs !== undefined) return;
    setTyped('');
    setResult(undefined);
    setError(undefined);
    onOpenChange(next);
  }

  async function confirm(event: FormEvent) {
    event.preventDefault();
    setStartedMs(performance.now());
    setError(undefined);
    try {
      setResult(await identityApi.keepOut(name));
      onDone();
    } catch (failure) {
      setError(failure);
    } finally {
      setStartedMs(undefined);
    }
  }

  return (
    <Dialog
      open={open}
      onOpenChange={change}
      modal="strict"
      title={result ? `${shown} is out` : `Keep ${shown} out?`}
      footer={
        result ? (
          <Button look="primary" onClick={() => change(false)}>
            Done
          </Button>
        ) : null
      }
    >
      {result ? (
        <div className="flex flex-col gap-3">
          <p className="text-20 font-semibold tabular-nums">
            {result.connections === 0
              ? 'It was not connected.'
              : `${plural(result.connections, 'connection')} cut after ${(result.tookMs / 1_000).toFixed(2)} s.`}
          </p>
          <p>
            Nothing is sent to it any more, and nothing it says is believed. What it has already is still on its disk: change the
            passwords and keys that its services knew.
          </p>
          {result.off.map((text) => (
            <ErrorNote key={text} severity="warning" fact="Not all could be done." effect={text} />
          ))}
        </div>
      ) : (
        <form onSubmit={confirm} className="flex flex-col gap-4">
          <p>
            Its connections are cut at once, its keys are refused for good, and nothing is sent to it. What runs on it keeps
            running until somebody stops it there. To have it back, take it back from here with a new line to paste.
          </p>
          <NameToConfirm name={name} typed={typed} onType={setTyped} />
          {error ? <ErrorNote error={error} /> : null}
          <div className="flex flex-wrap items-center justify-end gap-2">
            {startedMs === undefined ? (
              <Button onClick={() => change(false)}>Leave it as it is</Button>
            ) : (
              <Seconds fromMs={startedMs} />
            )}
            <Button type="submit" look="danger" disabled={typed !== name} busy={startedMs !== undefined && 'Cutting it off …'}>
              Keep {shown} out
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function Seconds({ fromMs }: { fromMs: number }) {
  const [now, setNow] = useState(fromMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), CLOCK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <span aria-hidden className="text-muted tabular-nums">
      {((now - fromMs) / 1_000).toFixed(1)} s
    </span>
  );
}
