/**
 * ErrorNote: fact, effect on the devices, one next step. <ErrorNote error={problem} /> takes a ProblemError (title = fact, detail = effect
 * and step) or any Error; or give `fact` and `effect` yourself. `action` is the one next step as a button. `severity="warning"` for notes.
 */
import type { ReactNode } from 'react';
import { ProblemError } from '#contracts/problem.ts';
import { classNames } from './class-names.ts';
import { StatusShape } from './status-shape.tsx';

interface ErrorNoteProps {
  error?: unknown;
  fact?: ReactNode;
  effect?: ReactNode;
  action?: ReactNode;
  severity?: 'error' | 'warning';
  className?: string;
}

export function ErrorNote({ error, fact, effect, action, severity = 'error', className }: ErrorNoteProps) {
  const words = wordsOf(error);
  return (
    <div
      role={severity === 'error' ? 'alert' : 'status'}
      className={classNames(
        'flex flex-wrap items-center gap-x-4 gap-y-2 rounded-ctl border-l-4 bg-raised px-4 py-3',
        severity === 'error' ? 'border-st-failed' : 'border-st-attention',
        className,
      )}
    >
      <div className="flex min-w-0 flex-1 basis-64 items-start gap-3">
        <StatusShape health={severity === 'error' ? 'failed' : 'attention'} className="mt-0.5 [--shape-cut:var(--raised)]" />
        <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          <strong className="font-semibold">{fact ?? words.fact}</strong>{' '}
          <span className="text-muted">{effect ?? words.effect}</span>
        </p>
      </div>
      {action}
    </div>
  );
}

function wordsOf(error: unknown): { fact: string; effect: string } {
  if (error instanceof ProblemError) return { fact: error.message, effect: error.detail };
  if (error instanceof Error) return { fact: error.message, effect: 'Your devices are not affected. Reload the page to go on.' };
  return { fact: 'This did not work.', effect: 'Your devices are not affected. Reload the page to go on.' };
}
