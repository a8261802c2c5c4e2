'use client';
import dynamic from 'next/dynamic';
import { useRequested } from '#components/ui/requests.ts';

const Dialog = dynamic(() => import('#components/enrol/add-device-dialog.tsx').then((module) => module.AddDeviceDialog), {
  ssr: false,
});

/** Any page may ask for a new device; the dialog is loaded when one does. */
export function AddDevice() {
  const [open, setOpen] = useRequested('add-device');
  return open ? <Dialog open onOpenChange={setOpen} /> : null;
}
