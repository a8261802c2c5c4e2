'use client';
import { useState } from 'react';
import type { AddedDevice } from '#contracts/api.ts';
import { displayName } from '#contracts/device.ts';
import { api } from '../live/api-client.ts';
import { Button } from '../ui/button.tsx';
import { DeviceFiles } from '../ui/device-files.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';

interface CredentialsDialogProps {
  name: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** A new key for a device whose files are lost or may have been copied. The old key stops working at once. */
export function CredentialsDialog({ name, open, onOpenChange }: CredentialsDialogProps) {
  const [made, setMade] = useState<AddedDevice>();
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  function change(next: boolean) {
    if (!next) {
      setMade(undefined);
      setError(undefined);
    }
    onOpenChange(next);
  }

  async function make() {
    setBusy(true);
    setError(undefined);
    try {
      setMade(await api.renewDeviceCredentials(name));
    } catch (failure) {
      setError(failure);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Dialog
      open={open}
      onOpenChange={change}
      size="lg"
      modal={made ? 'strict' : 'light'}
      title={`New credentials for ${displayName(name)}`}
      footer={
        made ? (
          <Button look="primary" onClick={() => change(false)}>
            Done
          </Button>
        ) : (
          <>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button look="primary" onClick={make} busy={busy && 'Making them …'}>
              Make new credentials
            </Button>
          </>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {made ? (
          <DeviceFiles added={made} />
        ) : (
          <p>
            The old key stops working at once: {displayName(name)} goes offline until the new files are on it. Its services keep
            running meanwhile.
          </p>
        )}
        {error ? <ErrorNote error={error} /> : null}
      </div>
    </Dialog>
  );
}
