'use client';
import { useSyncExternalStore } from 'react';
import { displayName } from '#contracts/device-words.ts';
import { worstOf } from '#contracts/health.ts';
import { useCounts, useDevice, useLive } from '../live/use-wall.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { isPutOff, onPutOff, putOff } from './put-off.ts';
import { isSentence, isTroubled, troubleOf } from './trouble.ts';

const SHOWN = 2;

/** One line, only while there is something to say: the worst first, the rest counted. */
export function ProblemStrip({ onOpen }: { onOpen: (name: string) => void }) {
  const names = useTroubledNames().filter(useStands());
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
  const ask = view.health === 'needs-you' ? view.status.value?.work?.asks[0] : undefined;
  return (
    <div className="flex min-h-9 min-w-0 items-center gap-2 text-15">
      <StatusShape health={view.health} size={18} />
      <span className="truncate" title={words}>
        <strong className="font-semibold">
          {displayName(name)}
          {isSentence(words) ? ':' : ''}
        </strong>{' '}
        {words}
      </span>
      <Action name={name} onClick={() => onOpen(name)}>
        {ask ? 'Look' : view.health === 'offline' ? 'What to check' : 'Open'}
      </Action>
      {ask ? (
        <Action name={name} onClick={() => putOff(ask.id)}>
          Later
        </Action>
      ) : null}
    </div>
  );
}

function Action({ name, onClick, children }: { name: string; onClick: () => void; children: string }) {
  return (
    <button
      type="button"
      onClick={onClick}
      aria-label={`${children}: ${displayName(name)}`}
      className="min-h-8 shrink-0 rounded-ctl border border-line-strong px-2.5 text-13 font-semibold hover:bg-raised"
    >
      {children}
    </button>
  );
}

/** False for a question that was put off here: its tile still raises the hand. */
function useStands(): (name: string) => boolean {
  const { store } = useLive();
  const version = useSyncExternalStore(onPutOff, isPutOff.version, isPutOff.version);
  void version;
  return (name) => {
    const view = store.device(name);
    const ask = view?.health === 'needs-you' ? view.status.value?.work?.asks[0] : undefined;
    return !ask || !isPutOff(ask.id);
  };
}

/** Devices in trouble, the worst first, else by seat: an order that only changes when a word changes. */
export function useTroubledNames(): string[] {
  const { store } = useLive();
  useCounts();
  const troubled = store.devices.flatMap(({ name }) => store.device(name) ?? []).filter((view) => isTroubled(view.health));
  return troubled
    .sort((a, b) => (a.health === b.health ? 0 : worstOf([a.health, b.health]) === a.health ? -1 : 1))
    .map((view) => view.name);
}
