'use client';
/** Logs of one deployment on every device it is meant for, merged by time. */
import { useMemo, useState } from 'react';
import { matchTargets } from '#contracts/deployment.ts';
import { displayName } from '#contracts/device.ts';
import { useDeployment, useDevices } from '../live/use-wall.ts';
import { EmptyState } from '../ui/empty-state.tsx';
import { Select } from '../ui/field.tsx';
import { LogsView } from './logs-view.tsx';

/** Of one session. */
const MOST_SOURCES = 64;

export function DeploymentLogs({ deployment }: { deployment: string }) {
  const entry = useDeployment(deployment);
  const all = useDevices();
  const [device, setDevice] = useState('');
  const services = (entry?.deployment.spec.score.data.services ?? []).map(({ name }) => name);
  const [chosen, setService] = useState('');
  const service = chosen || (services.length > MOST_SOURCES ? services[0]! : '');
  const targets = entry ? matchTargets(entry.deployment.spec, all).filter((name) => all.some((one) => one.name === name)) : [];
  // The names change seldom, the entry with every report.
  const asked = JSON.stringify({ targets: device ? [device] : targets, services: service ? [service] : services });
  const devices = useMemo(() => {
    const { targets, services } = JSON.parse(asked) as { targets: string[]; services: string[] };
    return targets.map((device) => ({ device, sources: services.map((name) => ({ deployment, service: name })) }));
  }, [asked, deployment]);
  if (targets.length === 0)
    return <EmptyState title="No device has this deployment." text="Its lines appear here as soon as one takes it up." />;
  return (
    <LogsView
      key={asked}
      label={`Logs of ${deployment}`}
      devices={devices}
      merged={services.length > 1 && !service}
      empty={<p>No lines yet from {deployment}.</p>}
      choice={
        <>
          {targets.length > 1 ? (
            <Choice label="Device" all="All devices" value={device} onChange={setDevice} names={targets} words={displayName} />
          ) : null}
          {services.length > 1 ? (
            <Choice
              label="Service"
              all={services.length > MOST_SOURCES ? '' : 'All services'}
              value={service}
              onChange={setService}
              names={services}
            />
          ) : null}
        </>
      }
    />
  );
}

interface ChoiceProps {
  label: string;
  all: string;
  value: string;
  onChange: (value: string) => void;
  names: readonly string[];
  words?: (name: string) => string;
}

function Choice({ label, all, value, onChange, names, words = (name) => name }: ChoiceProps) {
  return (
    <Select aria-label={label} className="w-auto! max-w-52" value={value} onChange={(event) => onChange(event.target.value)}>
      {all ? <option value="">{all}</option> : null}
      {names.map((name) => (
        <option key={name} value={name}>
          {words(name)}
        </option>
      ))}
    </Select>
  );
}
