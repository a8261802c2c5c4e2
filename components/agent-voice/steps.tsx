'use client';
import { Check, ChevronRight, X } from 'lucide-react';
import type { Step } from '#contracts/work.ts';
import type { DeviceSlotProps } from '../live/panes.tsx';
import { useDevice } from '../live/use-wall.ts';

const MARK: Record<Step['state'], { icon: typeof Check; word: string }> = {
  done: { icon: Check, word: 'Done' },
  doing: { icon: ChevronRight, word: 'Doing now' },
  failed: { icon: X, word: 'Failed' },
};

/** What the agent has done so far and does now, oldest first. */
export function Steps({ device }: DeviceSlotProps) {
  const steps = useDevice(device)?.status.value?.work?.steps ?? [];
  if (steps.length === 0) return null;
  return (
    <section aria-label="Agent steps" className="flex min-h-0 flex-col gap-2 overflow-y-auto">
      <h3 className="text-13 font-semibold text-muted">Agent steps</h3>
      <ol className="flex flex-col gap-1 text-15">
        {steps.map(({ text, state, at }, index) => {
          const { icon: Icon, word } = MARK[state];
          return (
            // Two steps may say the same at the same moment; their order never changes.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={`${at} ${index}`} className="flex items-start gap-2">
              <Icon size={16} strokeWidth={1.75} aria-label={word} className="mt-1 shrink-0" />
              <span className={state === 'done' ? 'text-muted' : undefined}>{text}</span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
