'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { AddedDevice } from '#contracts/api.ts';
import { displayName } from '#contracts/device.ts';
import { Button } from '../ui/button.tsx';
import { DeviceFiles } from '../ui/device-files.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { AddDeviceForm } from './add-device-form.tsx';
import { HelloWatch } from './hello-watch.tsx';

interface AddDeviceDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

const FORM_ID = 'add-device';

export function AddDeviceDialog({ open, onOpenChange }: AddDeviceDialogProps) {
  const router = useRouter();
  const [added, setAdded] = useState<AddedDevice>();
  const [busy, setBusy] = useState(false);

  function change(next: boolean) {
    if (!next) setAdded(undefined);
    onOpenChange(next);
  }

  const name = added?.device.name;
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      size={added ? 'lg' : 'md'}
      modal={added ? 'strict' : 'light'}
      title={name ? `Add ${displayName(name)}` : 'Add a device'}
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
        ) : (
          <>
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
      ) : (
        <AddDeviceForm id={FORM_ID} onBusy={setBusy} onAdded={setAdded} />
      )}
    </Dialog>
  );
}
