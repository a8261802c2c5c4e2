'use client';
/** One line, 96 px high, and only when something is wrong: with the hub first, then with the worst device. */
import { displayName } from '#contracts/device-words.ts';
import { useDevice, useHub } from '../live/use-wall.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { clock } from '../ui/words.ts';
import { useTroubledNames } from '../wall/problem-strip.tsx';
import { sentenceOf } from '../wall/trouble.ts';

export function TvTrouble() {
  const hub = useHub();
  const [worst, ...more] = useTroubledNames();
  if (hub.phase === 'lost')
    return (
      <Line health="offline">
        {hub.reason === 'bus' ? 'The message bus is not answering' : 'No connection to the hub'} since {clock(hub.sinceMs)}.
        Pictures are old; devices are not affected.
      </Line>
    );
  return worst ? <Trouble name={worst} more={more.length} /> : null;
}

function Trouble({ name, more }: { name: string; more: number }) {
  const view = useDevice(name);
  if (!view) return null;
  return (
    <Line health={view.health}>
      {sentenceOf(displayName(name), view, Date.now())}
      {more > 0 ? ` · ${more} more` : ''}
    </Line>
  );
}

function Line({ health, children }: { health: Parameters<typeof StatusShape>[0]['health']; children: React.ReactNode }) {
  return (
    <section
      aria-label="Problems"
      className="flex h-[96px] shrink-0 items-center gap-4 overflow-hidden bg-raised px-6 text-20 [--shape-cut:var(--raised)]"
    >
      <StatusShape health={health} size={44} />
      <p className="line-clamp-2 font-semibold leading-tight">{children}</p>
    </section>
  );
}
