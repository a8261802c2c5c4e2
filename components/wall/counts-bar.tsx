'use client';
import { HEALTH_WORDS, type Health } from '#contracts/health.ts';
import { useCounts } from '../live/use-wall.ts';
import { StatusShape } from '../ui/status-shape.tsx';

const ORDER: readonly Health[] = ['failed', 'needs-you', 'attention', 'updating', 'offline', 'not-seen', 'paused', 'running'];

/** How many devices are how: trouble first. */
export function CountsBar() {
  const counts = useCounts();
  return (
    <ul aria-label="Devices by health" className="flex shrink-0 items-center gap-3 text-15 max-md:hidden">
      {ORDER.flatMap((health) =>
        counts[health]
          ? [
              <li
                key={health}
                title={`${counts[health]} ${HEALTH_WORDS[health]}`}
                className="flex items-center gap-1.5 [--shape-cut:var(--bg)]"
              >
                <StatusShape health={health} size={16} />
                {counts[health]}
                <span className="text-muted max-2xl:sr-only">{HEALTH_WORDS[health].toLowerCase()}</span>
              </li>,
            ]
          : [],
      )}
    </ul>
  );
}
