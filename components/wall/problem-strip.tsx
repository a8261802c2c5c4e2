'use client';
import { displayName } from '#contracts/device.ts';
import { worstOf } from '#contracts/health.ts';
import { useCounts, useDevice, useLive } from '../live/use-wall.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { isTroubled, troubleOf } from './trouble.ts';

const SHOWN = 2;

/** One line, only while there is something to say: the worst first, the rest counted. */
export function ProblemStrip({ onOpen }: { onOpen: (name: string) => void }) {
  const names = useTroubledNames();
  if (names.length === 0) return null;
  return (
    <section
      aria-label="Problems"
      className="flex min-h-11 items-center gap-x-5 overflow-hidden border-b border-line bg-surface px-4"
    >
      <h2 className="shrink-0 text-13 font-semibold text-muted max-sm:sr-only">Problems ({names.length})</h2>
      <ul className="flex min-w-0 flex-1 gap-x-5">
        {names.slice(0, SHOWN).map((name, index) => (
          <li key={name} className={index === 0 ? 'min-w-0' : 'min-w-0 max-md:hidden'}>
            <Problem name={name} onOpen={onOpen} />
          </li>
        ))}
      </ul>
      {names.length > SHOWN ? (
        <button
          type="button"
          onClick={() => onOpen(names[SHOWN]!)}
          className="min-h-9 shrink-0 rounded-ctl px-2 text-15 text-accent hover:underline"
        >
          {names.length - SHOWN} more
        </button>
      ) : null}
    </section>
  );
}

function Problem({ name, onOpen }: { name: string; onOpen: (name: string) => void }) {
  const view = useDevice(name);
  if (!view) return null;
  const words = troubleOf(view, Date.now());
  return (
    <button
      type="button"
      onClick={() => onOpen(name)}
      title={words}
      className="flex min-h-9 w-full items-center gap-2 rounded-ctl px-1 text-left text-15 hover:underline"
    >
      <StatusShape health={view.health} size={18} />
      <span className="truncate">
        <strong className="font-semibold">
          {displayName(name)}
          {isSentence(words) ? ':' : ''}
        </strong>{' '}
        {words}
      </span>
    </button>
  );
}

/** An agent's own words stand after a colon; ours go on from the name. */
const isSentence = (words: string): boolean => /^\p{Lu}/u.test(words);

/** Devices in trouble, the worst first, else by seat: an order that only changes when a word changes. */
export function useTroubledNames(): string[] {
  const { store } = useLive();
  useCounts();
  const troubled = store.devices.flatMap(({ name }) => store.device(name) ?? []).filter((view) => isTroubled(view.health));
  return troubled
    .sort((a, b) => (a.health === b.health ? 0 : worstOf([a.health, b.health]) === a.health ? -1 : 1))
    .map((view) => view.name);
}
