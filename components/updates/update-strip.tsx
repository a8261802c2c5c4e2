'use client';
import { CircleArrowUp } from 'lucide-react';
import { type ReactNode, type Ref, useEffect, useRef, useState } from 'react';
import type { UpdateRollout, Updates } from '#contracts/api-updates.ts';
import { isOnItsWay } from '#contracts/update-words.ts';
import { useCounts, useLive } from '../live/use-wall.ts';
import { sayFailure } from '../people/say-failure.ts';
import { StatusShape } from '../ui/status-shape.tsx';
import { toast } from '../ui/toast.tsx';
import { plural } from '../ui/words.ts';
import { say } from '../wall/say.ts';
import { putAway, useIsPutAway } from './put-away.ts';
import { TravelDialog } from './travel-dialog.tsx';
import { UpdateDialog } from './update-dialog.tsx';
import { endWords, offerOf, progressOf, type UpdateOffer, unfinishedOf } from './update-words.ts';
import { useManages } from './use-manages.ts';
import { useUpdateSteps, useUpdates } from './use-updates.ts';

/** One line on the wall, only while there is something to say of agents: a new one is here, or travels, or did not stay somewhere. */
export function UpdateStrip() {
  const updates = useUpdates();
  useTold(updates?.rollout);
  return updates ? <Line updates={updates} /> : null;
}

function Line({ updates }: { updates: Updates }) {
  const manages = useManages();
  const [open, setOpen] = useState<UpdateOffer | 'travel'>();
  const { rollout } = updates;
  const offer = offerOf(updates, manages);
  const mayDecide = rollout?.devices.every(({ device }) => manages(device)) ?? false;
  const unfinished = mayDecide ? unfinishedOf(updates) : undefined;
  const isRolloutShown = isOnItsWay(rollout) || unfinished !== undefined;
  const id = isRolloutShown ? `rollout ${rollout?.id} ${rollout?.state}` : `offer ${offer?.version}`;
  const isPutAway = useIsPutAway(id);
  const line = useRef<HTMLElement>(null);
  const close = () => setOpen(undefined);
  // The button that was pressed may be gone by then: the keyboard stays on the line, or goes to the wall.
  const onClosed = () => (line.current ?? document.getElementById('main'))?.focus();
  const hide = () => {
    putAway(id);
    document.getElementById('main')?.focus();
  };
  const show = () => setOpen('travel');
  return (
    <>
      {isPutAway ? null : isOnItsWay(rollout) ? (
        <Travel ref={line} rollout={rollout} mayDecide={mayDecide} onShow={show} onHide={hide} />
      ) : unfinished ? (
        <Strip ref={line} shape={ATTENTION} fact={unfinished.fact} more={unfinished.more}>
          <Action onClick={show}>Show</Action>
          <Action onClick={hide}>Hide</Action>
        </Strip>
      ) : offer ? (
        <Strip
          ref={line}
          shape={<CircleArrowUp size={18} strokeWidth={1.75} className="mt-0.5 shrink-0 text-accent" aria-hidden />}
          fact={`A new agent is here: ${offer.version}.`}
          more={`${plural(offer.behind.length, 'device runs', 'devices run')} an older one.`}
        >
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
  ref: Ref<HTMLElement>;
  rollout: UpdateRollout;
  mayDecide: boolean;
  onShow: () => void;
  onHide: () => void;
}

function Travel({ ref, rollout, mayDecide, onShow, onHide }: TravelProps) {
  const { fact, more, rest } = progressOf(rollout, useIsAway());
  const { decide } = useUpdateSteps();
  const paused = rollout.state === 'paused';
  const take = (decision: 'go-on' | 'stop') => decide.mutate(decision, { onError: sayFailure });
  return (
    <Strip ref={ref} shape={paused ? ATTENTION : UPDATING} fact={fact} more={more}>
      {paused && mayDecide && rest.length > 0 ? (
        <Action onClick={() => take('go-on')} disabled={decide.isPending}>
          Go on with the rest
        </Action>
      ) : null}
      {mayDecide ? (
        <Action onClick={() => take('stop')} disabled={decide.isPending}>
          Stop
        </Action>
      ) : null}
      <Action onClick={onShow}>Show</Action>
      {paused ? null : <Action onClick={onHide}>Hide</Action>}
    </Strip>
  );
}

const ATTENTION = <StatusShape health="attention" size={18} className="mt-0.5" />;
const UPDATING = <StatusShape health="updating" size={18} className="mt-0.5" />;

interface StripProps {
  ref: Ref<HTMLElement>;
  shape: ReactNode;
  fact: string;
  more: string;
  /** Its buttons. */
  children: ReactNode;
}

function Strip({ ref, shape, fact, more, children }: StripProps) {
  return (
    <section
      ref={ref}
      tabIndex={-1}
      aria-label="Agents of the devices"
      className="flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-surface px-4 py-1 text-15 outline-none"
    >
      <div className="flex min-w-0 flex-1 basis-64 items-start gap-2">
        {shape}
        <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
          <strong className="font-semibold tabular-nums">{fact}</strong> {more}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">{children}</div>
    </section>
  );
}

function Action({ onClick, disabled = false, children }: { onClick: () => void; disabled?: boolean; children: string }) {
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

/** Drawn again when a device goes or comes. */
function useIsAway(): (device: string) => boolean {
  const { store } = useLive();
  useCounts();
  return (device) => {
    const freshness = store.device(device)?.freshness;
    return freshness === 'offline' || freshness === 'not-seen';
  };
}

/** Who saw it travel hears that it stopped, and how it ended. */
function useTold(rollout: UpdateRollout | undefined): void {
  const before = useRef<UpdateRollout>(undefined);
  useEffect(() => {
    if (!rollout) return;
    const wasOnItsWay = before.current?.id === rollout.id && isOnItsWay(before.current);
    const wasPaused = before.current?.state === 'paused';
    before.current = rollout;
    if (!wasOnItsWay) return;
    if (rollout.state === 'paused' && !wasPaused) say(rollout.why ?? 'The update of agents is paused.');
    if (!isOnItsWay(rollout)) toast(endWords(rollout));
  }, [rollout]);
}
