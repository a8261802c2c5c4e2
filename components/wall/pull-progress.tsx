'use client';
import type { ServiceStatus } from '#contracts/status.ts';
import { size } from '../ui/words.ts';
import { Age } from './freshness.tsx';

/** How far a download is. It moves when data moves; without figures it says how long it has been going. */
export function PullProgress({ service: { pull, name } }: { service: ServiceStatus }) {
  if (!pull) return <p className="h-[26px] pl-6 text-13 leading-[26px] text-muted">Waits for its image.</p>;
  const known = pull.bytesTotal > 0;
  const fraction = known
    ? Math.min(1, pull.bytesDone / pull.bytesTotal)
    : pull.layersTotal > 0
      ? pull.layersDone / pull.layersTotal
      : 0;
  return (
    <div className="flex h-[26px] items-center gap-2.5 pl-6 text-13 text-muted">
      <div
        role="progressbar"
        aria-label={`Download of ${name}`}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(fraction * 100)}
        className="h-1.5 min-w-12 flex-1 overflow-hidden rounded-full bg-raised"
      >
        <div className="h-full bg-st-updating" style={{ width: `${fraction * 100}%` }} />
      </div>
      <span className="shrink-0 truncate">
        {pull.layersTotal > 0 ? `layers ${pull.layersDone} of ${pull.layersTotal} · ` : ''}
        {known ? (
          `about ${size(pull.bytesDone)} of ${size(pull.bytesTotal)}`
        ) : (
          <>
            <Age atMs={Date.parse(pull.startedAt)} /> so far
          </>
        )}
      </span>
    </div>
  );
}
