'use client';
/** The raised hand: a question of the agent on a device, with its answers as buttons. Who may not drive sees the question. */
import { Hand } from 'lucide-react';
import { useState } from 'react';
import { displayName } from '#contracts/device-words.ts';
import type { Ask } from '#contracts/work.ts';
import type { DeviceSlotProps } from '../live/panes.tsx';
import { useMay } from '../live/use-me.ts';
import { useDevice, useLink } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';

export function AskPlate({ device }: DeviceSlotProps) {
  const asks = useDevice(device)?.status.value?.work?.asks ?? [];
  const [first, ...more] = asks;
  if (!first) return null;
  return <Plate key={first.id} device={device} ask={first} more={more.length} />;
}

function Plate({ device, ask, more }: { device: string; ask: Ask; more: number }) {
  const link = useLink();
  const mayAnswer = useMay('drive');
  const [sending, setSending] = useState<string>();
  const [problem, setProblem] = useState<string>();

  async function send(option: string) {
    setSending(option);
    setProblem(undefined);
    const { askDevice } = await import('../live/live-link.ts');
    const answer = await askDevice(link, device, 'answer', { id: ask.id, option });
    if (answer.ok) return;
    setSending(undefined);
    setProblem(answer.message);
  }

  return (
    <section
      aria-label={`${displayName(device)} asks`}
      className="pointer-events-auto relative z-10 flex flex-wrap items-center gap-x-3 gap-y-1.5 bg-st-needs px-3 py-1.5 text-st-needs-ink"
    >
      <p className="flex min-w-0 flex-1 basis-40 items-center gap-2 text-15 font-semibold">
        <Hand size={18} strokeWidth={1.75} aria-hidden className="shrink-0" />
        <span className="line-clamp-2">{ask.question}</span>
        {more > 0 ? <span className="shrink-0 text-13 font-normal">and {more} more</span> : null}
      </p>
      {mayAnswer ? (
        <span className="flex flex-wrap gap-1.5">
          {ask.options.map((option) => (
            <Button
              key={option}
              className="min-h-8 max-w-48 border-st-needs-ink! text-st-needs-ink! hover:bg-st-needs-ink! hover:text-st-needs!"
              disabled={sending !== undefined}
              busy={sending === option && 'Sending'}
              onClick={() => void send(option)}
            >
              <span className="truncate">{option}</span>
            </Button>
          ))}
        </span>
      ) : (
        <span className="text-13">An operator can answer.</span>
      )}
      {problem ? (
        <p role="alert" className="w-full text-13">
          {problem}
        </p>
      ) : null}
    </section>
  );
}
