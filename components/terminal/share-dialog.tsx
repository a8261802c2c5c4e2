'use client';
/** A link with which somebody without an account watches this one terminal for a while. */
import { useRef, useState } from 'react';
import type { GuestLink } from '#contracts/api-people.ts';
import { displayName } from '#contracts/device.ts';
import { api } from '../live/api-client.ts';
import { Button } from '../ui/button.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Select } from '../ui/field.tsx';
import { clock, zoned } from '../ui/words.ts';

const CHOICES = [
  { minutes: 15, label: '15 minutes' },
  { minutes: 60, label: '1 hour' },
  { minutes: 8 * 60, label: '8 hours' },
  { minutes: 24 * 60, label: '1 day' },
] as const;

export function ShareDialog({ device, sid, onClose }: { device: string; sid: string; onClose: () => void }) {
  const [minutes, setMinutes] = useState(60);
  const [link, setLink] = useState<GuestLink>();
  const [problem, setProblem] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const shown = useRef<HTMLParagraphElement>(null);

  async function make() {
    setBusy(true);
    setProblem(undefined);
    try {
      setLink(await api.makeGuestLink({ device, sid, minutes }));
    } catch (error) {
      setProblem(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title="Share a read-only link"
      description={`Whoever has it watches this one terminal of ${displayName(device)} and cannot type.`}
      footer={
        link ? (
          <CopyButton text={link.url} label="Copy the link" look="primary" source={shown} />
        ) : (
          <Button look="primary" onClick={make} busy={busy && 'Making the link'}>
            Make the link
          </Button>
        )
      }
    >
      {problem ? <ErrorNote error={problem} className="mb-3" /> : null}
      {link ? (
        <>
          <p ref={shown} className="rounded-ctl bg-raised p-3 font-mono text-15 [overflow-wrap:anywhere]">
            {link.url}
          </p>
          <p className="mt-2 text-muted" title={zoned(Date.parse(link.expiresAt))}>
            Good until {clock(Date.parse(link.expiresAt))}. It is shown only now.
          </p>
        </>
      ) : (
        <Field label="How long">
          {(control) => (
            <Select {...control} value={minutes} onChange={(event) => setMinutes(Number(event.target.value))}>
              {CHOICES.map((one) => (
                <option key={one.minutes} value={one.minutes}>
                  {one.label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      )}
    </Dialog>
  );
}
