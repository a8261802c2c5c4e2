'use client';
import { displayName } from '#contracts/device-words.ts';
import { isOnItsWay } from '#contracts/update-words.ts';
import type { DeviceSlotProps } from '../live/panes.tsx';
import { useDevice } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Panel } from '../ui/panel.tsx';
import { agentWords } from './update-words.ts';
import { useManages } from './use-manages.ts';
import { useUpdateSteps, useUpdates } from './use-updates.ts';

/** The agent of a device: which one runs, what is offered, and how its update went. */
export function AgentPanel({ device }: DeviceSlotProps) {
  const view = useDevice(device);
  const agent = view?.status.value?.agent;
  const updates = useUpdates();
  const { startOn } = useUpdateSteps();
  const mayManage = useManages()(device);
  const one = updates?.devices.find((entry) => entry.device === device);
  const rollout = updates?.rollout;
  const travels = isOnItsWay(rollout) ? rollout : undefined;
  const inTravel = travels?.devices.some((entry) => entry.device === device);
  const wanted = inTravel ? travels?.version : updates?.carried?.version;
  const isAway = view?.freshness === 'offline' || view?.freshness === 'not-seen';
  // What the device says itself is newer than what the hub gathered.
  const words = one && agentWords({ ...one, ...(agent && { version: agent.version }) }, wanted, isAway);
  const button =
    words?.button && mayManage ? (
      <Button
        onClick={() => startOn.mutate(device)}
        busy={startOn.isPending && 'Starting …'}
        aria-label={`${words.button}: ${displayName(device)}`}
      >
        {words.button}
      </Button>
    ) : null;
  return (
    <Panel title="Agent" aside={words?.trouble ? null : button}>
      <div className="flex flex-col gap-3">
        <p>
          {agent ? (
            <>
              <strong className="font-semibold">{agent.version}</strong> runs
              {agent.credentials === 'toml-shared' ? ', with a shared password (for a lab).' : '.'}
            </>
          ) : (
            <span className="text-muted">Known after its first report.</span>
          )}{' '}
          {words && !words.trouble ? (
            <span role="status">
              {words.fact} <span className="text-muted">{words.effect}</span>
            </span>
          ) : null}
        </p>
        {words?.trouble ? <ErrorNote severity="warning" fact={words.fact} effect={words.effect} action={button} /> : null}
        {startOn.error ? <ErrorNote error={startOn.error} /> : null}
      </div>
    </Panel>
  );
}
