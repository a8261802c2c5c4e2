'use client';
/**
 * DriveBar: the last line of something of a device that one person may drive: whether you watch or drive, the way out in words, who else
 * is here, what is recorded. <DriveBar device="Alice" verb="typing" driving={…} words={…} onStop={…} asking={…} …>Fit 1:1</DriveBar>
 */
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { listNames } from './words.ts';

interface DriveBarProps {
  /** As people say it. */
  device: string;
  driving: boolean;
  /** What is said while watching. */
  watching: string;
  onStop: () => void;
  /** Somebody wants control; `mine`: it is this person. */
  asking?: { name: string; untilMs: number; mine: boolean } | undefined;
  onAnswer: (action: 'keep' | 'give') => void;
  /** People who look, without this one. */
  others: readonly string[];
  recording: boolean;
  latencyMs?: number | undefined;
  children?: ReactNode;
}

export function DriveBar(props: DriveBarProps) {
  const { device, driving, watching, onStop, asking, onAnswer, others, recording, latencyMs, children } = props;
  return (
    <footer
      data-keeps-typing={driving ? '' : undefined}
      className={classNames(
        'flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1',
        driving ? 'border-t-4 border-focus bg-text text-bg' : 'border-t border-line bg-surface',
      )}
    >
      <p role="status" className="min-w-0 flex-1 basis-64 font-semibold [overflow-wrap:anywhere]">
        {driving ? (
          <>
            Typing to {device} · Leave: <kbd className="font-mono text-13">Ctrl+`</kbd>
          </>
        ) : (
          watching
        )}
      </p>
      {asking ? <Asking key={asking.name} asking={asking} driving={driving} onAnswer={onAnswer} /> : null}
      <span className="flex flex-wrap items-center gap-x-4 text-13 tabular-nums">
        {others.length > 0 ? <span>{listNames(others)} watching</span> : null}
        {recording ? (
          <span title="Recorded, kept 30 days.">
            <span aria-hidden className="mr-1 inline-block size-2.5 rounded-full bg-st-failed" />
            REC
          </span>
        ) : null}
        {latencyMs === undefined ? null : <span>{latencyMs} ms</span>}
        {children}
      </span>
      {driving ? (
        <button
          type="button"
          onClick={onStop}
          className="min-h-9 touch:min-h-11 rounded-ctl border border-bg px-3.5 font-semibold text-bg"
        >
          Stop typing
        </button>
      ) : null}
    </footer>
  );
}

interface AskingProps {
  asking: NonNullable<DriveBarProps['asking']>;
  driving: boolean;
  onAnswer: DriveBarProps['onAnswer'];
}

const TICK_MS = 250;

function Asking({ asking, driving, onAnswer }: AskingProps) {
  const [left, setLeft] = useState(asking.untilMs);
  useEffect(() => {
    const endMs = performance.now() + asking.untilMs;
    setLeft(asking.untilMs);
    const timer = setInterval(() => setLeft(Math.max(0, endMs - performance.now())), TICK_MS);
    return () => clearInterval(timer);
  }, [asking.untilMs]);
  const seconds = Math.ceil(left / 1_000);
  if (!driving) return asking.mine ? <span className="tabular-nums">Yours in {seconds} s.</span> : null;
  return (
    <span role="alert" className="flex flex-wrap items-center gap-2">
      <strong>
        {asking.name} wants to take over in <span className="tabular-nums">{seconds}</span> s.
      </strong>
      <Button className="border-bg! text-bg! hover:bg-transparent!" onClick={() => onAnswer('keep')}>
        Keep control
      </Button>
      <Button className="border-bg! text-bg! hover:bg-transparent!" onClick={() => onAnswer('give')}>
        Give control
      </Button>
    </span>
  );
}

/** Ctrl and the key left of 1, by position; Ctrl+Alt+Shift where that key is dead. */
export function isLeaveKey(event: KeyboardEvent): boolean {
  const { ctrlKey, altKey, shiftKey, metaKey, code, key } = event;
  if (code === 'Backquote' && ctrlKey && !altKey && !shiftKey && !metaKey) return true;
  return ctrlKey && altKey && shiftKey && !event.getModifierState('AltGraph') && /^(?:Control|Alt|Shift|Meta)/.test(key);
}
