'use client';
import Link from 'next/link';
import { displayName } from '#contracts/device.ts';
import { type Health, healthOfDeployment } from '#contracts/health.ts';
import type { DeviceView } from '../live/device-view.ts';
import { ServiceList } from '../live/service-list.tsx';
import { useDevice } from '../live/use-wall.ts';
import { Plate } from '../ui/plate.tsx';
import { HealthWord } from '../ui/status-shape.tsx';

interface DeviceStateProps {
  device: string;
  deployment: string;
  /** Absent: not known yet. */
  takenUp: boolean | undefined;
}

export function DeviceState({ device, deployment, takenUp }: DeviceStateProps) {
  const view = useDevice(device);
  const report = view?.status.value?.deployments.find((one) => one.name === deployment);
  const health = stateOn(view, report && healthOfDeployment(report), takenUp);
  const seat = view?.device.value?.seat;
  return (
    <article
      aria-label={`${deployment} on ${displayName(device)}`}
      className="flex flex-col gap-2 rounded-tile border border-line bg-surface px-4 py-3"
    >
      <header className="flex flex-wrap items-center gap-3">
        {seat === undefined ? null : <Plate name={device} seat={seat} />}
        <h2 className="font-semibold">
          {seat === undefined ? (
            displayName(device)
          ) : (
            <Link href={`/d/${device}`} className="underline-offset-2 hover:underline">
              {displayName(device)}
            </Link>
          )}
        </h2>
        <HealthWord health={health} />
        <span className="text-muted">{explain(view, health, report !== undefined)}</span>
      </header>
      {report ? <ServiceList deployment={report} address={view?.address} /> : null}
    </article>
  );
}

function stateOn(view: DeviceView | undefined, reported: Health | undefined, takenUp: boolean | undefined): Health {
  if (!view || view.health === 'not-seen') return 'not-seen';
  if (view.health === 'offline') return 'offline';
  if (!reported) return 'updating';
  return takenUp === false && reported === 'running' ? 'updating' : reported;
}

function explain(view: DeviceView | undefined, health: Health, reported: boolean): string {
  if (!view?.device.value) return 'Not on the wall. It gets this when it is added.';
  if (health === 'not-seen') return 'Gets it with its first hello.';
  if (health === 'offline')
    return reported ? 'Will catch up when it is back. This is its last report.' : 'Gets it when it is back.';
  return health === 'updating' && !reported ? 'Takes it up now.' : '';
}
