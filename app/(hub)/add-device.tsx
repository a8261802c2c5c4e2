'use client';
import dynamic from 'next/dynamic';
import { useEffect } from 'react';
import { useMayNot } from '#components/live/use-me.ts';
import { useRequested } from '#components/ui/requests.ts';
import { toast } from '#components/ui/toast.tsx';

const Dialog = dynamic(() => import('#components/enrol/add-device-dialog.tsx').then((module) => module.AddDeviceDialog), {
  ssr: false,
});

/** Any page may ask for a new device; the dialog is loaded when one does, and may add one. */
export function AddDevice() {
  const [open, setOpen] = useRequested('add-device');
  const looksOnly = useMayNot('manage');
  const refused = open && looksOnly;
  useEffect(() => {
    if (!refused) return;
    setOpen(false);
    toast({ title: 'Adding devices takes the role admin.', text: 'Ask whoever manages people here.' });
  }, [refused, setOpen]);
  return open && !looksOnly ? <Dialog open onOpenChange={setOpen} /> : null;
}
