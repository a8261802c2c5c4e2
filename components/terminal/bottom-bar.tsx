'use client';
/** The last line of a terminal: whether you watch or type, the way out in words, who else is here, and what is recorded. */
import { type ReactNode, useEffect, useState } from 'react';
import { displayName } from '#contracts/device.ts';
import type { TerminalState } from '#contracts/stream/terminal.ts';
import { useNow } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { elapsed, viewersWords, watchingWords } from './bar-words.ts';
import { plainTitle } from './guards.ts';
import type { TerminalHandle } from './use-terminal.ts';

interface BottomBarProps {
  device: string;
  terminal: TerminalHandle;
  uid: string | undefined;
  me: string | undefined;
  mayDrive: boolean;
  guest: boolean;
  children?: ReactNode;
}

export function BottomBar({ device, terminal, uid, me, mayDrive, guest, children }: BottomBarProps) {
  const { view, typing, wanting, stop, control } = terminal;
  const { state } = view;
  const name = displayName(device);
  const others = state && viewersWords(state.viewers, me);
  const title = state?.title && plainTitle(state.title);
  return (
    <footer
      data-keeps-typing={typing ? '' : undefined}
      className={classNames(
        'flex min-h-11 flex-wrap items-center gap-x-4 gap-y-1 px-3 py-1',
        typing ? 'border-t-4 border-focus bg-text text-bg' : 'border-t border-line bg-surface',
      )}
    >
      <p role="status" className="min-w-0 flex-1 basis-64 font-semibold [overflow-wrap:anywhere]">
        {typing ? (
          <>
            Typing to {name} · Leave: <kbd className="font-mono text-13">Ctrl+`</kbd>
          </>
        ) : (
          watchingWords({ device: name, state, uid, mayDrive, guest, wanting, ended: view.phase === 'ended' })
        )}
      </p>
      {state?.asking ? <Asking asking={state.asking} mine={state.asking.uid === uid} typing={typing} control={control} /> : null}
      <span className="flex flex-wrap items-center gap-x-4 text-13 tabular-nums">
        {title ? <span className="max-w-64 truncate">device says: {title}</span> : null}
        {others ? <span>{others}</span> : null}
        {state?.recording ? <Recording since={state.startedTypingAt} /> : null}
        {view.latencyMs === undefined ? null : <span>{view.latencyMs} ms</span>}
        {children}
      </span>
      {typing ? (
        <button
          type="button"
          onClick={stop}
          className="min-h-9 touch:min-h-11 rounded-ctl border border-bg px-3.5 font-semibold text-bg"
        >
          Stop typing
        </button>
      ) : null}
    </footer>
  );
}

function Recording({ since }: { since: string | undefined }) {
  const now = useNow(1_000);
  return (
    <span title="Everything on this screen is recorded while somebody types. Kept 30 days.">
      <span aria-hidden className="mr-1 inline-block size-2.5 rounded-full bg-st-failed" />
      REC {since ? elapsed(now - Date.parse(since)) : null}
    </span>
  );
}

interface AskingProps {
  asking: NonNullable<TerminalState['asking']>;
  mine: boolean;
  typing: boolean;
  control: TerminalHandle['control'];
}

/** Somebody wants to type: the countdown, and for who types the answers. */
function Asking({ asking, mine, typing, control }: AskingProps) {
  const now = useNow(250);
  const [until, setUntil] = useState(0);
  useEffect(() => setUntil(Date.now() + asking.untilMs), [asking]);
  const seconds = Math.max(0, Math.ceil((until - now) / 1_000));
  if (!typing) return mine ? <span className="tabular-nums">Yours in {seconds} s.</span> : null;
  return (
    <span role="alert" className="flex flex-wrap items-center gap-2">
      <strong>
        {asking.name} wants to take over in <span className="tabular-nums">{seconds}</span> s.
      </strong>
      <Button className="border-bg! text-bg! hover:bg-transparent!" onClick={() => control('keep')}>
        Keep control
      </Button>
      <Button className="border-bg! text-bg! hover:bg-transparent!" onClick={() => control('give')}>
        Give control
      </Button>
    </span>
  );
}
