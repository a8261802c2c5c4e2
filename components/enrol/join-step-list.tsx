import type { ReactNode } from 'react';
import type { JoinStage, JoinView } from '#contracts/api-identity.ts';
import type { Health } from '#contracts/health.ts';
import { classNames } from '../ui/class-names.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { type JoinStep, joinSteps } from './join-steps.ts';

const SHAPES: Record<JoinStep['state'], Health> = { done: 'running', now: 'updating', next: 'not-seen', failed: 'failed' };
const STATES: Record<JoinStep['state'], string> = { done: 'Done', now: 'Under way', next: 'Not yet', failed: 'Failed' };

/** The stages, read out as they change. `children` stands below the one that is under way. */
export function JoinStepList({ join, failedAt, children }: { join: JoinView; failedAt: JoinStage; children?: ReactNode }) {
  return (
    <div role="status" className="rounded-ctl border border-line bg-raised px-4 py-3 [--shape-cut:var(--raised)]">
      <ol aria-label="How far it is" className="flex flex-col gap-2">
        {joinSteps(join, failedAt).map(({ state, text }) => (
          <li key={text} className="flex items-start gap-3">
            <StatusShape health={SHAPES[state]} title={STATES[state]} className="mt-px" />
            <div className="flex min-w-0 flex-1 flex-col items-start gap-2">
              <span className={classNames(state === 'next' && 'text-muted')}>{text}</span>
              {state === 'now' ? children : null}
            </div>
          </li>
        ))}
      </ol>
    </div>
  );
}
