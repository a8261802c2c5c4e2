/** How far each device is with a search, and which did not answer. */
import { displayName } from '#contracts/device.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import type { DeviceFeed } from './log-feed.ts';
import { count, isSearched } from './log-words.ts';

export function DeviceProgress({ feeds }: { feeds: readonly DeviceFeed[] }) {
  return (
    <ul
      aria-label="Devices"
      className="flex max-h-32 flex-wrap gap-x-5 gap-y-1 overflow-y-auto border-b border-line px-3 py-1.5 text-13"
    >
      {feeds.map((feed) => {
        const { word, health } = stateOf(feed);
        return (
          <li key={feed.device} className="inline-flex items-center gap-1.5">
            <StatusShape health={health} size={16} />
            <span className="font-semibold">{displayName(feed.device)}</span>
            <span className="text-muted">{word}</span>
          </li>
        );
      })}
    </ul>
  );
}

function stateOf(feed: DeviceFeed): { word: string; health: 'running' | 'updating' | 'offline' } {
  const { phase, progress } = feed;
  if (phase.kind === 'waiting' || phase.kind === 'refused') return { word: 'did not answer', health: 'offline' };
  if (!progress) return { word: 'asked', health: 'updating' };
  const found = `${count(progress.matchedLines ?? 0)} of ${count(progress.scannedLines ?? 0)}`;
  const isDone = isSearched(feed);
  return { word: isDone ? found : `${found} so far`, health: isDone ? 'running' : 'updating' };
}
