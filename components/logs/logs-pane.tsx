'use client';
/** Logs of one device: all its services merged by time, or one of them. */
import { useMemo, useState } from 'react';
import { displayName } from '#contracts/device.ts';
import type { PaneProps } from '../live/panes.tsx';
import { useDevice, useNow } from '../live/use-wall.ts';
import { Select } from '../ui/field.tsx';
import { emptyWords } from './log-words.ts';
import { LogsView } from './logs-view.tsx';

const ALL = '';

export function LogsPane({ device, deployment, service }: PaneProps) {
  const view = useDevice(device);
  const services = (view?.status.value?.deployments ?? []).flatMap((one) =>
    one.services.map(({ name, since }) => ({ id: `${one.name}/${name}`, deployment: one.name, service: name, since })),
  );
  const [chosen, setChosen] = useState(deployment && service ? `${deployment}/${service}` : ALL);
  const [line] = useState(() => lineOfPage(device));
  const devices = useMemo(() => [{ device, ...sourcesOf(chosen) }], [device, chosen]);
  const one = services.find(({ id }) => id === chosen);
  const known = chosen === ALL || one ? services : [...services, { id: chosen, since: undefined }];
  return (
    <LogsView
      key={chosen}
      label={`Logs of ${chosen === ALL ? displayName(device) : `${chosen.split('/')[1]} on ${displayName(device)}`}`}
      devices={devices}
      merged={chosen === ALL}
      line={line}
      empty={<Empty service={one?.service} since={one?.since} />}
      choice={
        <Select
          aria-label="Service"
          className="w-auto! max-w-60 max-sm:min-w-0 max-sm:flex-1"
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
        >
          <option value={ALL}>All services</option>
          {known.map(({ id }) => (
            <option key={id} value={id}>
              {id.replace('/', ' / ')}
            </option>
          ))}
        </Select>
      }
    />
  );
}

export function Empty({ service, since }: { service: string | undefined; since: string | undefined }) {
  return <p>{emptyWords(service, since ? Date.parse(since) : undefined, useNow())}</p>;
}

function sourcesOf(chosen: string) {
  const [deployment, service] = chosen.split('/');
  return deployment && service ? { sources: [{ deployment, service }] } : {};
}

/** The line of a link counts on the page of its device only. */
function lineOfPage(device: string): number | undefined {
  const { pathname, searchParams } = new URL(window.location.href);
  const line = Number(searchParams.get('line') ?? Number.NaN);
  return pathname === `/d/${device}` && Number.isSafeInteger(line) && line > 0 ? line : undefined;
}
