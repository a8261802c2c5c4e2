'use client';
import { useDeploymentNames, useRollouts } from '../live/use-wall.ts';
import { plural } from '../ui/words.ts';

/** What is on its way to the devices right now; else how much has been sent there. */
export function Rollouts() {
  const rollouts = useRollouts();
  const total = useDeploymentNames().length;
  const [only] = rollouts;
  if (!only) return total > 0 ? <p className="text-13 text-muted">{plural(total, 'deployment')}</p> : null;
  const { targets = 0, running = 0 } = only.status?.aggregate ?? {};
  return (
    <p className="text-13">
      {rollouts.length > 1 ? `${rollouts.length} deployments on their way` : `${only.name}: ${running} of ${targets} done`}
    </p>
  );
}
