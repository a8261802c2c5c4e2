import type { ReactNode } from 'react';
import type { DeviceStatus } from '#contracts/status.ts';
import { duration, size } from '../ui/words.ts';

const SECOND_MS = 1_000;

/** The machine behind a frame, as its agent reads it. */
export function HostFacts({ status: { host, engine, agent } }: { status: DeviceStatus }) {
  return (
    <dl className="pointer-events-none grid grid-cols-[auto_1fr] gap-x-4 gap-y-0.5 text-13 leading-[26px]">
      {host.model ? <Fact name="Model">{host.model}</Fact> : null}
      <Fact name="System">
        {host.os}, {host.arch}
      </Fact>
      <Fact name="CPU">
        <Meter percent={host.cpuPercent} /> {Math.round(host.cpuPercent)} % of {host.cpuCount} cores
      </Fact>
      <Fact name="Memory">
        <Meter percent={(host.memoryUsedBytes / Math.max(1, host.memoryTotalBytes)) * 100} /> {size(host.memoryUsedBytes)} of{' '}
        {size(host.memoryTotalBytes)} used
      </Fact>
      <Fact name="Disk">
        <Meter percent={(host.diskUsedBytes / Math.max(1, host.diskTotalBytes)) * 100} /> {size(host.diskUsedBytes)} of{' '}
        {size(host.diskTotalBytes)} used
      </Fact>
      {host.temperatureCelsius === null ? null : (
        <Fact name="Heat">
          {Math.round(host.temperatureCelsius)} °C{host.throttled ? ', slowed down' : ''}
        </Fact>
      )}
      <Fact name="Up">{duration(host.uptimeSeconds * SECOND_MS)}</Fact>
      <Fact name="Engine">{engine.reachable ? `${engine.kind} ${engine.version}` : 'does not answer'}</Fact>
      <Fact name="Agent">{agent.version}</Fact>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="flex min-w-0 items-center gap-2 truncate">{children}</dd>
    </>
  );
}

function Meter({ percent }: { percent: number }) {
  return (
    <span aria-hidden="true" className="inline-block h-1.5 w-12 shrink-0 overflow-hidden rounded-full bg-raised">
      <span className="block h-full bg-st-grey" style={{ width: `${Math.min(100, Math.max(0, percent))}%` }} />
    </span>
  );
}
