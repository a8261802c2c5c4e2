'use client';
/** Where a view of logs stands, in words above and below its lines. */
import { Button } from '../ui/button.tsx';
import { clockWithSeconds, zoned } from '../ui/words.ts';
import type { DeviceFeed, FeedState } from './log-feed.ts';
import { count, searchWords } from './log-words.ts';
import type { QueryText } from './query.ts';

interface SearchNoticeProps {
  search: QueryText | undefined;
  around: number | undefined;
  devices: readonly DeviceFeed[];
  onBack: () => void;
}

export function SearchNotice({ search, around, devices, onBack }: SearchNoticeProps) {
  return (
    <div className="flex flex-wrap items-center gap-3 border-b border-line bg-raised px-3 py-1.5 text-13">
      <p role="status">
        {search ? `“${search.pattern}” in everything kept: ${searchWords(devices)}` : `The lines around line ${around}.`}
      </p>
      <Button look="quiet" onClick={onBack}>
        Back to the live lines
      </Button>
    </div>
  );
}

const STATES = { follows: 'Following.', stands: 'Standing still. f follows.', ends: 'Not followed.' } as const;

interface LogFooterProps {
  shown: number;
  feed: FeedState;
  state: keyof typeof STATES;
  /** Where more is kept than was asked for. */
  onOlder: (() => void) | undefined;
}

export function LogFooter({ shown, feed, state, onOlder }: LogFooterProps) {
  return (
    <div className="flex items-center flex-wrap gap-x-4 border-t border-line bg-surface px-3 py-1 text-13 text-muted">
      <span>{shown === 1 ? '1 line' : `${count(shown)} lines`}</span>
      {feed.dropped > 0 ? <span>{count(feed.dropped)} older ones left this page; the device has them.</span> : null}
      <Oldest devices={feed.devices} />
      {onOlder ? (
        <button type="button" onClick={onOlder} className="min-h-6 text-accent underline-offset-2 hover:underline">
          Older lines
        </button>
      ) : null}
      <span className="ml-auto">{STATES[state]}</span>
    </div>
  );
}

function Oldest({ devices }: { devices: readonly DeviceFeed[] }) {
  const [oldest] = devices.flatMap(({ oldest: at }) => (at ? [Date.parse(at)] : [])).sort((a, b) => a - b);
  if (oldest === undefined) return null;
  return (
    <span title={zoned(oldest)}>
      Kept since {new Date(oldest).toLocaleDateString()} {clockWithSeconds(oldest)}
    </span>
  );
}
