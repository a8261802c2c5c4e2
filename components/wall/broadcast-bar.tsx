'use client';
/** One line for several devices: to whom it goes stands here by name, and what became of it. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { displayName } from '#contracts/device-words.ts';
import { useLive } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { Input } from '../ui/field.tsx';
import { StatusShape } from '../ui/status-shape.tsx';
import { plural } from '../ui/words.ts';
import { type Delivery, releaseSession, sendLine } from './broadcast-line.ts';
import { say } from './say.ts';

interface BroadcastBarProps {
  targets: readonly string[];
  leftOut: readonly string[];
  onStop: () => void;
}

const IDLE_MS = 60_000;

export function BroadcastBar({ targets, leftOut, onStop }: BroadcastBarProps) {
  const { store } = useLive();
  const [line, setLine] = useState('');
  const [deliveries, setDeliveries] = useState<Readonly<Record<string, Delivery>>>({});
  const [usedAtMs, setUsedAtMs] = useState(() => Date.now());
  const input = useRef<HTMLInputElement>(null);
  const used = useRef(new Set<string>());
  const stop = useRef(onStop);
  stop.current = onStop;

  useEffect(() => input.current?.focus(), []);
  useEffect(() => {
    const timer = setTimeout(
      () => {
        say('Broadcasting ended after a minute without use.');
        stop.current();
      },
      IDLE_MS - (Date.now() - usedAtMs),
    );
    return () => clearTimeout(timer);
  }, [usedAtMs]);
  useEffect(
    () => () => {
      for (const device of used.current) void releaseSession(store.link, device);
    },
    [store],
  );

  async function send(event: FormEvent) {
    event.preventDefault();
    if (targets.length === 0) return;
    setUsedAtMs(Date.now());
    setLine('');
    setDeliveries(Object.fromEntries(targets.map((name) => [name, { state: 'sending' }])));
    const results = await Promise.all(
      targets.map(async (name) => {
        used.current.add(name);
        const delivery = await sendLine(store.link, name, line);
        setDeliveries((before) => ({ ...before, [name]: delivery }));
        return delivery;
      }),
    );
    const failed = results.filter(({ state }) => state === 'failed').length;
    say(`Sent to ${plural(results.length - failed, 'device')}${failed > 0 ? `, failed on ${failed}` : ''}.`);
  }

  return (
    <section
      aria-label="Broadcast"
      className="fixed inset-x-0 bottom-0 z-30 border-t-4 border-text bg-surface px-4 py-3 shadow-menu"
    >
      <form onSubmit={(event) => void send(event)} className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="font-semibold">One line to {plural(targets.length, 'device')}</p>
        <Input
          ref={input}
          aria-label="Line to send"
          autoComplete="off"
          spellCheck={false}
          value={line}
          className="min-w-60 flex-1 font-mono"
          onChange={(event) => {
            setLine(event.target.value);
            setUsedAtMs(Date.now());
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            event.preventDefault();
            event.stopPropagation();
            onStop();
          }}
        />
        <Button type="submit" disabled={targets.length === 0}>
          Send (Enter)
        </Button>
        <Button look="quiet" onClick={onStop}>
          Stop (Esc)
        </Button>
      </form>
      <ul aria-label="Goes to" className="mt-2 flex max-h-24 flex-wrap gap-x-5 gap-y-1 overflow-y-auto text-15">
        {targets.map((name) => (
          <Target key={name} name={name} delivery={deliveries[name]} />
        ))}
        {leftOut.map((name) => (
          <li key={name} className="text-muted">
            <s>{displayName(name)}</s> left out
          </li>
        ))}
      </ul>
      <p className="mt-1 text-13 text-muted">
        Goes into a shell of its own on each device. Recorded, like everything typed. Shift+click on a frame leaves it out or
        takes it in.
      </p>
    </section>
  );
}

function Target({ name, delivery }: { name: string; delivery: Delivery | undefined }) {
  return (
    <li className="flex min-w-0 items-center gap-1.5" title={delivery?.state === 'failed' ? delivery.why : undefined}>
      {delivery && delivery.state !== 'sending' ? (
        <StatusShape health={delivery.state === 'sent' ? 'running' : 'failed'} size={16} />
      ) : null}
      <span className="font-semibold">{displayName(name)}</span>
      {delivery ? (
        <span className="truncate text-13 text-muted">
          {delivery.state === 'failed' ? `failed: ${delivery.why}` : delivery.state}
        </span>
      ) : null}
    </li>
  );
}
