import { displayName } from '#contracts/device.ts';
import type { Health } from '#contracts/health.ts';
import { ScrollRegion } from '../ui/scroll-region.tsx';
import { StatusShape } from '../ui/status-shape.tsx';
import { since, zoned } from '../ui/words.ts';
import { type ChainEntry, ENTRY_WORDS } from './chain-entries.ts';

const SHAPES: Partial<Record<ChainEntry['what'], Health>> = { contested: 'failed', 'kept-out': 'failed' };

/** One tile an entry, oldest at the left: when, what, whose word. The last one is the key the device has now. */
export function ChainTiles({ device, entries, now }: { device: string; entries: readonly ChainEntry[]; now: number }) {
  return (
    <ScrollRegion label={`Chain of ${displayName(device)}, oldest first`} className="-mx-1 px-1 py-1">
      <ol className="flex items-stretch">
        {entries.map((entry, index) => (
          <li key={entry.seq} className="flex items-center">
            {index > 0 ? <span aria-hidden className="h-0.5 w-4 shrink-0 bg-line-strong" /> : null}
            <div className="flex h-full w-52 flex-col gap-1 rounded-ctl border border-line-strong bg-raised px-3 py-2 [--shape-cut:var(--raised)]">
              <span className="flex items-center gap-1.5 font-semibold">
                <StatusShape health={SHAPES[entry.what] ?? 'running'} size={16} />
                {ENTRY_WORDS[entry.what]}
              </span>
              <time dateTime={entry.at} title={zoned(Date.parse(entry.at))} className="text-13 text-muted">
                {since(Date.parse(entry.at), now)}
                {entry.by ? ` by ${entry.by}` : ''}
              </time>
              {entry.fingerprint ? (
                <span className="font-mono text-13" title={`Key ${entry.epoch} of this device`}>
                  {entry.fingerprint}
                </span>
              ) : (
                <span className="text-13 [overflow-wrap:anywhere]">{entry.why}</span>
              )}
            </div>
          </li>
        ))}
      </ol>
    </ScrollRegion>
  );
}
