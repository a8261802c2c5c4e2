'use client';
import Link from 'next/link';
import { healthOfDeployment, worstOf } from '#contracts/health.ts';
import type { DeviceDeploymentStatus } from '#contracts/status.ts';
import type { DeviceView } from '../live/device-view.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { AwayNotice } from './away-notice.tsx';
import { EventLines } from './event-lines.tsx';
import { IdleWords } from './idle-words.tsx';
import { rowsOf } from './service-row-model.ts';
import { ServiceRows } from './service-rows.tsx';

/** Everything that runs there, deployment by deployment, and what happened lately. */
export function ZoomServices({ view }: { view: DeviceView }) {
  const status = view.status.value;
  const away = view.health === 'offline' || view.health === 'not-seen';
  return (
    <div className="grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
      <div className="flex flex-col gap-5">
        {away ? (
          <div className="relative h-16 overflow-hidden rounded-ctl border border-dashed border-line-strong">
            <AwayNotice view={view} />
          </div>
        ) : null}
        {away || status?.deployments.length ? null : <IdleWords name={view.name} reachable />}
        {/* Several of them share the width, so that a full device is seen at once. */}
        <div className="gap-x-8 2xl:columns-2">
          {worstFirst(status?.deployments ?? []).map((deployment) => (
            <section key={deployment.name} className="mb-5 break-inside-avoid">
              <h3 className="mb-1 flex items-center gap-2 border-b border-line pb-1 font-semibold">
                <StatusShape health={healthOfDeployment(deployment)} size={16} />
                <Link href={`/deployments/${deployment.name}`} className="hover:underline">
                  {deployment.name}
                </Link>
              </h3>
              <ServiceRows
                rows={rowsOf({ ...status!, deployments: [deployment] }, Number.POSITIVE_INFINITY)}
                address={view.address}
                reachable
              />
            </section>
          ))}
        </div>
      </div>
      <section>
        <h3 className="font-semibold">What happened</h3>
        {view.events.length > 0 ? <EventLines events={view.events} whole /> : <p className="text-muted">Nothing yet.</p>}
      </section>
    </div>
  );
}

const worstFirst = (all: readonly DeviceDeploymentStatus[]): DeviceDeploymentStatus[] =>
  all.toSorted((one, other) => {
    const [a, b] = [healthOfDeployment(one), healthOfDeployment(other)];
    return a === b ? 0 : worstOf([a, b]) === a ? -1 : 1;
  });
