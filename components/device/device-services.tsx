'use client';
import Link from 'next/link';
import { useMemo, useState } from 'react';
import { matchTargets } from '#contracts/deployment.ts';
import { displayName } from '#contracts/device.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import { ServiceList } from '../live/service-list.tsx';
import { useDeployments } from '../live/use-deployments.ts';
import { useMay } from '../live/use-me.ts';
import { useDevices } from '../live/use-wall.ts';
import { Button, ButtonLink } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { plural } from '../ui/words.ts';
import { serviceGroups } from './service-groups.ts';

/** Fewer are seen at once. */
const FILTER_FROM = 8;

interface DeviceServicesProps {
  /** Nothing reaches the device now. */
  away: boolean;
  device: string;
  status: DeviceStatus | undefined;
  address: string | undefined;
}

export function DeviceServices({ device, status, address, away }: DeviceServicesProps) {
  const deployments = status?.deployments ?? [];
  const mayDeploy = useMay('deploy');
  const [filter, setFilter] = useState('');
  const shown = useMemo(() => serviceGroups(status, filter), [status, filter]);
  const count = deployments.reduce((sum, { services }) => sum + services.length, 0);
  const waiting = useWaiting(
    device,
    deployments.map((one) => one.name),
  );
  return (
    <Panel
      title={count > 0 ? plural(count, 'service') : 'Services'}
      aside={
        count > FILTER_FROM ? (
          <Input
            type="search"
            aria-label="Filter the services"
            placeholder="Filter: name, image, port, state"
            className="max-w-80"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        ) : undefined
      }
    >
      {deployments.length + waiting.length === 0 ? (
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-muted">
            {status ? `Nothing is deployed to ${displayName(device)}.` : 'No report yet: what runs there is not known.'}
          </p>
          {status && mayDeploy ? <ButtonLink href="/deployments/new">Deploy something</ButtonLink> : null}
        </div>
      ) : (
        <ul className="flex flex-col gap-4">
          {shown.length === 0 && filter ? (
            <li>
              No service here fits “{filter}”.{' '}
              <Button look="quiet" onClick={() => setFilter('')}>
                Clear filter
              </Button>
            </li>
          ) : null}
          {shown.map((deployment) => (
            // Groups out of sight are not laid out: a device with 142 services stays quick.
            <li
              key={deployment.name}
              className="flex flex-col gap-2 [contain-intrinsic-size:auto_80px] [content-visibility:auto]"
            >
              <h3 className="text-13 text-muted">
                Deployment <DeploymentLink name={deployment.name} />
                {deployment.phase === 'removing' ? ', being removed' : ''}
              </h3>
              <ServiceList
                deployment={deployment}
                address={address}
                aside={({ name }) => (
                  <Link
                    href={`/d/${device}?${new URLSearchParams({ tab: 'logs', deployment: deployment.name, service: name })}`}
                    className="text-13 text-accent underline-offset-2 hover:underline"
                  >
                    Logs<span className="sr-only"> of {name}</span>
                  </Link>
                )}
              />
            </li>
          ))}
          {waiting.map((name) => (
            <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <DeploymentLink name={name} />
              <span className="text-muted">
                {away ? `${displayName(device)} gets it when it is back.` : `${displayName(device)} takes it up now.`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function DeploymentLink({ name }: { name: string }) {
  return (
    <Link href={`/deployments/${name}`} className="font-semibold text-accent underline-offset-2 hover:underline">
      {name}
    </Link>
  );
}

/** Deployments meant for the device that its report does not speak of yet. */
function useWaiting(device: string, reported: readonly string[]): string[] {
  const devices = useDevices();
  return useDeployments()
    .filter(({ deployment }) => matchTargets(deployment.spec, devices).includes(device))
    .map(({ deployment }) => deployment.metadata.name)
    .filter((name) => !reported.includes(name));
}
