'use client';
import { useMutation } from '@tanstack/react-query';
import { identityApi } from '../live/identity-api.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { toast } from '../ui/toast.tsx';
import { plural } from '../ui/words.ts';

interface RotateAllDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onDone: () => void;
}

/** A new key on every device, now: what travels over the wall is the event of each. */
export function RotateAllDialog({ open, onOpenChange, onDone }: RotateAllDialogProps) {
  const all = useMutation({
    mutationFn: identityApi.rotateAll,
    onSuccess: ({ devices }) => {
      toast({
        title: `${plural(devices.length, 'device')} ${devices.length === 1 ? 'renews its key' : 'renew their keys'}.`,
        text: 'The wall shows each as it is done. A device that is away does it when it is back.',
      });
      onDone();
      onOpenChange(false);
    },
  });
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Renew the key of every device now?"
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button look="primary" onClick={() => all.mutate()} busy={all.isPending && 'Asking them …'}>
            Renew every device
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <p>
          Every device makes itself a new key and the old ones are refused. Services are not touched, and nothing has to be done
          on the devices. Use it when keys may have been seen by somebody.
        </p>
        {all.error ? <ErrorNote error={all.error} /> : null}
      </div>
    </Dialog>
  );
}
