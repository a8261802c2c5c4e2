/** StateCounts: how many devices are in which state, as shape, number and word. */

import type { Aggregate } from '#contracts/deployment.ts';
import { HEALTH_WORDS } from '#contracts/health.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { countsOf } from './deployment-words.ts';

export function StateCounts({ aggregate }: { aggregate: Aggregate | undefined }) {
  const counts = countsOf(aggregate);
  if (counts.length === 0) return <span className="text-muted">{aggregate ? 'On no device' : 'Being counted'}</span>;
  return (
    <span className="inline-flex flex-wrap gap-x-3 gap-y-1">
      {counts.map(({ health, count }) => (
        <span key={health} className="inline-flex items-center gap-1.5">
          <StatusShape health={health} size={18} />
          {count} {HEALTH_WORDS[health].toLowerCase()}
        </span>
      ))}
    </span>
  );
}
