'use client';
import { useRouter } from 'next/navigation';
import { displayName } from '#contracts/device.ts';
import { api } from '../live/api-client.ts';
import { ConfirmByName } from '../ui/confirm-by-name.tsx';
import { toast } from '../ui/toast.tsx';

interface RemoveDeviceProps {
  name: string;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function RemoveDevice({ name, open, onOpenChange }: RemoveDeviceProps) {
  const router = useRouter();
  return (
    <ConfirmByName
      open={open}
      onOpenChange={onOpenChange}
      name={name}
      title={`Remove ${displayName(name)} from the wall?`}
      effect="Its key is refused from now on and nothing is sent to it any more. What runs on it keeps running until somebody stops it there. To bring it back, add it again and carry the new files to it."
      verb={`Remove ${displayName(name)}`}
      onConfirm={async () => {
        await api.removeDevice(name);
        toast(`${displayName(name)} is off the wall.`);
        router.push('/');
      }}
    />
  );
}
