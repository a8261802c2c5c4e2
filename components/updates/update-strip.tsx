'use client';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import type { UpdateRollout, Updates } from '#contracts/api-updates.ts';
import { isOnItsWay } from '#contracts/update-words.ts';
import { useMay } from '../live/use-me.ts';
import { useCounts, useLive } from '../live/use-wall.ts';
import { sayFailure } from '../people/say-failure.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { toast } from '../ui/toast.tsx';
import { plural } from '../ui/words.ts';
import { putAway, useIsPutAway } from './put-away.ts';
import { TravelDialog } from './travel-dialog.tsx';
import { UpdateDialog } from './update-dialog.tsx';
import { endWords, offerOf, progressOf, type UpdateOffer } from './update-words.ts';
import { useUpdateSteps, useUpdates } from './use-updates.ts';

/** One line on the wall, only while there is something to say of agents: a new one is here, or one travels, or one has stopped. */
export function UpdateStrip() {
  const updates = useUpdates();
  useEndTold(updates?.rollout);
  return updates ? <Line updates={updates} /> : null;
}

function Line({ updates }: { updates: Updates }) {
  const mayManage = useMay('manage');
  const { rollout } = updates;
  const offer = mayManage ? offerOf(updates) : undefined;
  const travels = isOnItsWay(rollout) ? rollout : undefined;
  const [open, setOpen] = useState<UpdateOffer | 'travel'>();
  const id = travels ? `rollout ${travels.id} ${travels.state}` : `offer ${offer?.version}`;
  const isPutAway = useIsPutAway(id);
  const line = useRef<HTMLElement>(null);
  const close = () => setOpen(undefined);
  // The button that was pressed may be gone by then: the keyboard stays on the line, or goes to the wall.
  const onClosed = () => (line.current ?? document.getElementById('main'))?.focus();
  const hide = () => {
    putAway(id);
    document.getElementById('main')?.focus();
  };
  return (
    <>
      {isPutAway ? null : travels ? (
        <Strip ref={line}>
          <Travel rollout={travels} mayManage={mayManage} onShow={() => setOpen('travel')} onHide={hide} />
        </Strip>
      ) : offer ? (
        <Strip ref={line}>
          <StatusShape health="updating" size={18} />
          <Words fact={`A new agent is here: ${offer.version}.`}>
            {offer.behind.length === 1 ? '1 device runs an older one.' : `${offer.behind.length} devices run an older one.`}
          </Words>
          <Action onClick={() => setOpen(offer)}>{`Update ${plural(offer.behind.length, 'device')}`}</Action>
          <Action onClick={hide}>Not now</Action>
        </Strip>
      ) : null}
      {open === 'travel' && rollout ? <TravelDialog rollout={rollout} onClose={close} onClosed={onClosed} /> : null}
      {open && open !== 'travel' ? <UpdateDialog offer={open} onClose={close} onClosed={onClosed} /> : null}
    </>
  );
}

interface TravelProps {
  rollout: UpdateRollout;
  mayManage: boolean;
  onShow: () => void;
  onHide: () => void;
}

function Travel({ rollout, mayManage, onShow, onHide }: TravelProps) {
  const { fact, more, rest } = progressOf(rollout, useIsAway());
  const { decide } = useUpdateSteps();
  const paused = rollout.state === 'paused';
  const take = (decision: 'go-on' | 'stop') => decide.mutate(decision, { onError: sayFailure });
  return (
    <>
      <StatusShape health={paused ? 'attention' : 'updating'} size={18} />
      <Words fact={fact}>{more}</Words>
      {paused && mayManage && rest.length > 0 ? (
        <Action onClick={() => take('go-on')} disabled={decide.isPending}>
          Go on with the rest
        </Action>
      ) : null}
      {mayManage ? (
        <Action onClick={() => take('stop')} disabled={decide.isPending}>
          Stop
        </Action>
      ) : null}
      <Action onClick={onShow}>Show</Action>
      {paused ? null : <Action onClick={onHide}>Hide</Action>}
    </>
  );
}

function Strip({ ref, children }: { ref: React.Ref<HTMLElement>; children: ReactNode }) {
  return (
    <section
      ref={ref}
      tabIndex={-1}
      aria-label="Agents of the devices"
      className="flex min-h-11 flex-wrap items-center gap-x-2 gap-y-1 border-b border-line bg-surface px-4 py-1 text-15 outline-none"
    >
      {children}
    </section>
  );
}

function Words({ fact, children }: { fact: string; children: ReactNode }) {
  return (
    <p className="min-w-0 flex-1 basis-56 [overflow-wrap:anywhere]">
      <strong className="font-semibold tabular-nums">{fact}</strong> {children}
    </p>
  );
}

function Action({ onClick, disabled, children }: { onClick: () => void; disabled?: boolean; children: string }) {
  return (
    <button
      type="button"
      onClick={onClick}
      disabled={disabled}
      className="min-h-8 touch:min-h-11 shrink-0 rounded-ctl border border-line-strong px-2.5 text-13 font-semibold hover:bg-raised disabled:opacity-55"
    >
      {children}
    </button>
  );
}

/** Redraws when a device goes or comes. */
function useIsAway(): (device: string) => boolean {
  const { store } = useLive();
  useCounts();
  return (device) => {
    const freshness = store.device(device)?.freshness;
    return freshness === 'offline' || freshness === 'not-seen';
  };
}

/** Who saw it travel hears how it ended. */
function useEndTold(rollout: UpdateRollout | undefined): void {
  const travelled = useRef<string>(undefined);
  useEffect(() => {
    if (!rollout) return;
    if (isOnItsWay(rollout)) travelled.current = rollout.id;
    else if (travelled.current === rollout.id) {
      travelled.current = undefined;
      toast(endWords(rollout));
    }
  }, [rollout]);
}
