'use client';
import dynamic from 'next/dynamic';
import { useState, useSyncExternalStore } from 'react';
import { displayName } from '#contracts/device-words.ts';
import { worstOf } from '#contracts/health.ts';
import type { DeviceStatus } from '#contracts/status.ts';
import { useDeployments } from '../live/use-deployments.ts';
import { useMay } from '../live/use-me.ts';
import { useCounts, useDevice, useLive } from '../live/use-wall.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { isPutOff, onPutOff, putOff } from './put-off.ts';
import { isSentence, isTroubled, troubleOf } from './trouble.ts';
import { type WayBack, wayBack } from './way-back.ts';

const GoBackDialog = dynamic(() => import('./go-back.tsx').then((module) => module.GoBackDialog), { ssr: false });

const SHOWN = 2;

/** One line, only while there is something to say: the worst first, the rest counted. */
export function ProblemStrip({ onOpen }: { onOpen: (name: string) => void }) {
  const names = useTroubledNames().filter(useStands());
  const [back, setBack] = useState<WayBack>();
  return (
    <>
      {names.length > 0 ? <Strip names={names} onOpen={onOpen} onGoBack={setBack} /> : null}
      {back ? <GoBackDialog back={back} onClose={() => setBack(undefined)} /> : null}
    </>
  );
}

interface StripProps {
  names: readonly string[];
  onOpen: (name: string) => void;
  onGoBack: (back: WayBack) => void;
}

function Strip({ names, onOpen, onGoBack }: StripProps) {
  return (
    <section
      aria-label="Problems"
      className="flex min-h-11 items-center gap-x-5 overflow-hidden border-b border-line bg-surface px-4"
    >
      <h2 className="shrink-0 text-13 font-semibold text-muted max-sm:sr-only">Problems ({names.length})</h2>
      <ul className="flex min-w-0 flex-1 gap-x-5">
        {names.slice(0, SHOWN).map((name, index) => (
          <li key={name} className={index === 0 ? 'min-w-0' : 'min-w-0 max-md:hidden'}>
            <Problem name={name} onOpen={onOpen} onGoBack={onGoBack} />
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

function Problem({ name, onOpen, onGoBack }: Omit<StripProps, 'names'> & { name: string }) {
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
      {view.health === 'failed' || view.health === 'attention' ? (
        <GoBack name={name} status={view.status.value} onGoBack={onGoBack} />
      ) : null}
      {ask ? (
        <Action name={name} onClick={() => putOff(ask.id)}>
          Later
        </Action>
      ) : null}
    </div>
  );
}

interface GoBackProps {
  name: string;
  status: DeviceStatus | undefined;
  onGoBack: (back: WayBack) => void;
}

function GoBack({ name, status, onGoBack }: GoBackProps) {
  const mayDeploy = useMay('deploy');
  const entries = useDeployments();
  const back = wayBack(status, (one) => entries.find(({ deployment }) => deployment.metadata.name === one));
  if (!mayDeploy || !back) return null;
  return (
    <Action name={name} onClick={() => onGoBack(back)}>
      {`Go back to #${back.generation}`}
    </Action>
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
