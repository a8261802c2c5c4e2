'use client';
import { useQuery } from '@tanstack/react-query';
import type { DeploymentEntry } from '#contracts/api.ts';
import { matchTargets } from '#contracts/deployment.ts';
import { api } from '../live/api-client.ts';
import { useDevices } from '../live/use-wall.ts';
import { DeviceState } from './device-state.tsx';

/** Every device the deployment is meant for, live; devices that still have to let go of it stand below. */
export function DeviceStates({ entry }: { entry: DeploymentEntry }) {
  const registered = useDevices();
  const { name } = entry.deployment.metadata;
  const targets = matchTargets(entry.deployment.spec, registered);
  const known = useQuery({
    // The hub counts anew on every report: its own revision says when to ask again.
    queryKey: ['deployment-devices', name, entry.revision, entry.statusRevision],
    queryFn: ({ signal }) => api.deploymentDevices(name, signal),
    placeholderData: (before) => before,
  });
  const takenUp = new Map(known.data?.items.map((item) => [item.device, item.takenUp]));
  if (targets.length === 0)
    return <p className="text-muted">No device matches now. A device that gains these labels gets it by itself.</p>;
  return (
    <ul className="flex flex-col gap-2">
      {targets.map((device) => (
        <li key={device}>
          <DeviceState device={device} deployment={name} takenUp={takenUp.get(device)} />
        </li>
      ))}
    </ul>
  );
}
