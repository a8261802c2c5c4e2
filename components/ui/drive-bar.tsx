'use client';
/**
 * DriveBar: the last line of something of a device that one person may drive: whether you watch or drive, the way out in words, who else
 * is here, what is recorded. <DriveBar device="Alice" driving={…} watching="You are watching." onStop={…} asking={…} …>Fit 1:1</DriveBar>
 */
import { type ReactNode, useEffect, useState } from 'react';
import { useNow } from '../live/use-wall.ts';
import { Button } from './button.tsx';
import { classNames } from './class-names.ts';
import { elapsed, listNames } from './words.ts';

interface Asked {
  uid: string;
  name: string;
  untilMs: number;
}

interface DriveBarProps {
  /** As people say it. */
  device: string;
  driving: boolean;
  /** What is said while watching. */
  watching: string;
  onStop: () => void;
  /** Somebody wants control. Each new object counts down anew. */
  asking?: Asked | undefined;
  /** Of this connection: who asks may be this person. */
  uid: string | undefined;
  onAnswer: (action: 'keep' | 'give') => void;
  /** People who look, without this one. */
  others: readonly string[];
  /** What is recorded, in a sentence; `since`: for how long is counted. */
  recording?: { words: string; since?: string | undefined } | undefined;
  /** What the device says of itself. */
  title?: string | undefined;
  latencyMs?: number | undefined;
  children?: ReactNode;
}

export function DriveBar(props: DriveBarProps) {
  const { device, driving, watching, onStop, asking, uid, onAnswer, others, recording, title, latencyMs, children } = props;
  // A phone has no key to press; its way is the button.
  const [said, key] = watching.split(/ (?=Press t )/);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it does nothing, it only keeps the focus where it is
    <footer
      data-keeps-typing={driving ? '' : undefined}
      // A press in the bar leaves the focus on what is driven: the key after it goes where the bar says.
      onMouseDown={driving ? (event) => event.preventDefault() : undefined}
      className={classNames(
        'flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1',
        driving ? 'border-t-4 border-focus bg-text text-bg' : 'border-t border-line bg-surface',
      )}
    >
      <p role="status" className="min-w-0 flex-1 basis-64 font-semibold [overflow-wrap:anywhere]">
        {driving ? (
          <>
            Typing to {device}
            {/* A phone has no such key; its way out is the button. */}
            <span className="touch:hidden">
              {' '}
              · Leave: <kbd className="font-mono text-13">Ctrl+`</kbd>
            </span>
          </>
        ) : (
          <>
            {said}
            {key ? <span className="touch:hidden"> {key}</span> : null}
          </>
        )}
      </p>
      {asking ? <Asking asking={asking} mine={asking.uid === uid} driving={driving} onAnswer={onAnswer} /> : null}
      <span className="flex flex-wrap items-center gap-x-4 text-13 tabular-nums">
        {title ? <span className="max-w-64 truncate">device says: {title}</span> : null}
        {others.length > 0 ? <span>{listNames(others)} watching</span> : null}
        {recording ? (
          <span title={recording.words}>
            <span aria-hidden className="mr-1 inline-block size-2.5 rounded-full bg-st-failed" />
            REC {recording.since ? <Elapsed since={recording.since} /> : null}
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

function Elapsed({ since }: { since: string }) {
  const now = useNow(1_000);
  return elapsed(now - Date.parse(since));
}

interface AskingProps {
  asking: Asked;
  mine: boolean;
  driving: boolean;
  onAnswer: DriveBarProps['onAnswer'];
}

/** The countdown, and for who drives the answers. */
function Asking({ asking, mine, driving, onAnswer }: AskingProps) {
  const now = useNow(250);
  const [until, setUntil] = useState(() => Date.now() + asking.untilMs);
  useEffect(() => setUntil(Date.now() + asking.untilMs), [asking]);
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
  if (!driving) return mine ? <span className="tabular-nums">Yours in {seconds} s.</span> : null;
  return (
    <span role="alert" className="flex flex-wrap items-center gap-2">
      <strong>
        {asking.name} wants to take over{' '}
        <span aria-hidden className="tabular-nums">
          in {seconds} s.
        </span>
        {/* Said once: a number that counts down would be read again every second. */}
        <span className="sr-only">in {Math.ceil(asking.untilMs / 1_000)} s.</span>
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
