'use client';
import { useRouter } from 'next/navigation';
import type { DeploymentEntry } from '#contracts/api.ts';
import { api } from '../live/api-client.ts';
import { devices } from '../manifest/device-words.ts';
import { ConfirmByName } from '../ui/confirm-by-name.tsx';
import { toast } from '../ui/toast.tsx';

interface DeleteDeploymentProps {
  entry: DeploymentEntry;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

export function DeleteDeployment({ entry, open, onOpenChange }: DeleteDeploymentProps) {
  const router = useRouter();
  const { name } = entry.deployment.metadata;
  const aggregate = entry.status?.aggregate;
  const count = aggregate?.targets ?? 0;
  const later = aggregate && aggregate.offline > 0 ? ` ${devices(aggregate.offline)} will stop them when back.` : '';
  return (
    <ConfirmByName
      open={open}
      onOpenChange={onOpenChange}
      name={name}
      title={`Delete ${name}?`}
      effect={`Its services stop on ${devices(count)}.${later} Their volumes stay on the devices.`}
      verb={`Delete from ${devices(count)}`}
      onConfirm={async () => {
        await api.deleteDeployment(name, entry.revision);
        toast(`${name} is deleted.`);
        router.push('/deployments');
      }}
    />
  );
}
