'use client';
import Link from 'next/link';
import type { DeploymentEntry } from '#contracts/api.ts';
import { useNow } from '../live/use-wall.ts';
import { authorOf } from '../manifest/stored-manifest.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { since, zoned } from '../ui/words.ts';
import { healthOfEntry, targetWords } from './deployment-words.ts';
import { StateCounts } from './state-counts.tsx';

const CLOCK_MS = 60_000;

export function DeploymentRow({ entry }: { entry: DeploymentEntry }) {
  const now = useNow(CLOCK_MS);
  const { metadata, spec } = entry.deployment;
  const services = spec.score.data.services.map((service) => service.name);
  const at = metadata.creationTimestamp;
  return (
    <Link
      href={`/deployments/${metadata.name}`}
      className="grid gap-x-6 gap-y-1 rounded-tile border border-line bg-surface px-4 py-3 hover:border-line-strong md:grid-cols-[minmax(0,1.2fr)_minmax(0,1.4fr)_11rem] md:items-center"
    >
      <span className="flex min-w-0 items-center gap-3">
        <StatusShape health={healthOfEntry(entry)} />
        <span className="min-w-0">
          <span className="block truncate text-17 font-semibold">{metadata.name}</span>
          <span className="block truncate text-13 text-muted">{services.join(', ') || 'No services'}</span>
        </span>
      </span>
      <span className="min-w-0 text-15">
        <StateCounts aggregate={entry.status?.aggregate} />
        <span className="block truncate text-13 text-muted">{targetWords(spec)}</span>
      </span>
      <span className="text-13 text-muted md:text-right">
        <span className="text-15 text-text">#{metadata.generation ?? 1}</span>
        <span className="block" title={at ? zoned(Date.parse(at)) : undefined}>
          {at ? `${since(Date.parse(at), now)} by ${authorOf(entry.deployment)}` : `by ${authorOf(entry.deployment)}`}
        </span>
      </span>
    </Link>
  );
}
