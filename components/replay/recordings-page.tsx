'use client';
/** All recordings, newest first: which device, what, who typed, when and how long. */
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { displayName } from '#contracts/device.ts';
import type { Recording } from '#contracts/recording.ts';
import { api } from '../live/api-client.ts';
import { useNow } from '../live/use-wall.ts';
import { ButtonLink } from '../ui/button.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { PageShell } from '../ui/page-shell.tsx';
import { listNames, since, size, zoned } from '../ui/words.ts';
import { targetWords } from './target-words.ts';
import { playTime, typedBy } from './timeline.ts';

const ASK_AGAIN_MS = 10_000;
const CLOCK_MS = 60_000;

export function RecordingsPage({ device }: { device: string | undefined }) {
  const { data, error } = useQuery({
    queryKey: ['recordings', device],
    queryFn: ({ signal }) => api.recordings(device, signal),
    refetchInterval: ASK_AGAIN_MS,
  });
  return (
    <PageShell
      title={device ? `Recordings of ${displayName(device)}` : 'Recordings'}
      note="What was on a terminal or a screen while somebody had control. Kept 30 days."
      actions={device ? <ButtonLink href="/recordings">All devices</ButtonLink> : null}
    >
      {error ? <ErrorNote error={error} /> : null}
      {data?.items.length === 0 ? (
        <EmptyState title="No recordings yet." text="They are made when somebody types to a device. Kept 30 days." />
      ) : null}
      <ul className="flex flex-col gap-2">
        {data?.items.map((recording) => (
          <li key={recording.id}>
            <RecordingRow recording={recording} />
          </li>
        ))}
      </ul>
    </PageShell>
  );
}

function RecordingRow({ recording }: { recording: Recording }) {
  const now = useNow(CLOCK_MS);
  const { id, device, startedAt, endedAt, bytes, truncated } = recording;
  const startMs = Date.parse(startedAt);
  const people = typedBy(recording).map(({ name }) => name);
  return (
    <Link
      href={`/r/${id}`}
      className="grid gap-x-6 gap-y-1 rounded-tile border border-line bg-surface px-4 py-3 hover:border-line-strong md:grid-cols-[minmax(0,1.4fr)_minmax(0,1fr)_12rem] md:items-center"
    >
      <span className="min-w-0">
        <span className="block truncate text-17 font-semibold">{displayName(device)}</span>
        <span className="block truncate text-13 text-muted">{targetWords(recording)}</span>
      </span>
      <span className="min-w-0 truncate">{people.length > 0 ? `Typed by ${listNames(people)}` : 'Nobody typed'}</span>
      <span className="text-13 text-muted md:text-right">
        <time dateTime={startedAt} title={zoned(startMs)} className="block text-15 text-text">
          {since(startMs, now)}
        </time>
        {playTime((Date.parse(endedAt) - startMs) / 1_000)} · {size(bytes)}
        {truncated ? ' · stops early' : null}
      </span>
    </Link>
  );
}
