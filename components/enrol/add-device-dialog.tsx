'use client';
import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import type { AddedDevice } from '#contracts/api.ts';
import { displayName } from '#contracts/device.ts';
import { Button } from '../ui/button.tsx';
import { DeviceFiles } from '../ui/device-files.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { AddDeviceForm } from './add-device-form.tsx';
import { HelloWatch } from './hello-watch.tsx';
import { JoinDialogBody } from './join-dialog-body.tsx';

interface AddDeviceDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const FORM_ID = 'add-device';

/** By a line that the device runs, or by files that somebody carries there. */
export function AddDeviceDialog({ open, onOpenChange }: AddDeviceDialogProps) {
  const router = useRouter();
  const [way, setWay] = useState<'join' | 'files'>('join');
  const [added, setAdded] = useState<AddedDevice>();
  const [joined, setJoined] = useState<string>();
  const [busy, setBusy] = useState(false);
  const body = useRef<HTMLDivElement>(null);

  function change(next: boolean) {
    if (!next) {
      setAdded(undefined);
      setJoined(undefined);
      setWay('join');
    }
    onOpenChange(next);
  }

  const name = added?.device.name ?? joined;
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      size="lg"
      initialFocus={body}
      modal={way === 'join' || added ? 'strict' : 'light'}
      title={added ? `Add ${displayName(added.device.name)}` : 'Add a device'}
      footer={
        name ? (
          <>
            <Button
              onClick={() => {
                change(false);
                router.push(`/d/${name}`);
              }}
            >
              Open {displayName(name)}
            </Button>
            <Button look="primary" onClick={() => change(false)}>
              Done
            </Button>
          </>
        ) : way === 'join' ? (
          <>
            <Button look="quiet" onClick={() => setWay('files')}>
              Carry files by hand instead
            </Button>
            <Button onClick={() => change(false)}>Close</Button>
          </>
        ) : (
          <>
            <Button look="quiet" onClick={() => setWay('join')}>
              Paste a line instead
            </Button>
            <Button onClick={() => change(false)}>Cancel</Button>
            <Button look="primary" type="submit" form={FORM_ID} busy={busy && 'Adding it …'}>
              Add device
            </Button>
          </>
        )
      }
    >
      {added ? (
        <div className="flex flex-col gap-5">
          <DeviceFiles added={added} />
          <HelloWatch name={added.device.name} />
        </div>
      ) : way === 'files' ? (
        <AddDeviceForm id={FORM_ID} onBusy={setBusy} onAdded={setAdded} />
      ) : (
        <JoinDialogBody focus={body} onReady={setJoined} />
      )}
    </Dialog>
  );
}
