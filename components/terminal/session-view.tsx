'use client';
/** One terminal session: its screen, what can be done with it, and the bar that says whether you watch or type. */
import { useEffect, useRef, useState } from 'react';
import { displayName } from '#contracts/device.ts';
import type { DoneAnswer, TerminalState } from '#contracts/stream/terminal.ts';
import { useMay, useMe } from '../live/use-me.ts';
import { useDevice, useLink } from '../live/use-wall.ts';
import { Button } from '../ui/button.tsx';
import { DriveBar } from '../ui/drive-bar.tsx';
import { othersWatching } from '../ui/words.ts';
import { watchingWords } from './bar-words.ts';
import { FindBar } from './find-bar.tsx';
import { plainTitle } from './guards.ts';
import { LinkDialog } from './link-dialog.tsx';
import { PasteDialog } from './paste-dialog.tsx';
import { ReadOutput } from './read-output.tsx';
import { ScaleChoice } from './scale-choice.tsx';
import { ShareDialog } from './share-dialog.tsx';
import { TerminalKeys } from './terminal-keys.tsx';
import { TerminalNotice } from './terminal-notice.tsx';
import { useAnnouncement } from './use-announcement.ts';
import { useTabTitle } from './use-tab-title.ts';
import { useTerminal } from './use-terminal.ts';
import { useWatchKeys } from './use-watch-keys.ts';
import type { XtermScreen } from './xterm-screen.ts';

const RESIZE_WAIT_MS = 150;
const RECORDED = 'Everything on this screen is recorded while somebody types. Kept 30 days.';

interface SessionViewProps {
  device: string;
  sid: string;
  /** It was just opened by whoever looks at it. */
  typeAtOnce: boolean;
  onTyping?: ((typing: boolean) => void) | undefined;
  /** What the device says of it, each time it says something new. */
  onState?: (state: TerminalState) => void;
  onNewShell: (() => void) | undefined;
  /** Somebody with a link to this one terminal. */
  guest?: boolean;
}

export function SessionView({ device, sid, typeAtOnce, onTyping, onState, onNewShell, guest = false }: SessionViewProps) {
  const live = useLink();
  const me = useMe();
  const mayDrive = useMay('drive');
  const root = useRef<HTMLElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const deviceEpoch = useDevice(device)?.connectionChangedAtMs;
  const terminal = useTerminal({ device, sid, live, deviceEpoch, box, root, onTyping });
  const { view, typing, screen, viewer, take } = terminal;
  const { state } = view;
  const [scale, setScale] = useState<'fit' | '1:1'>('fit');
  const [reading, setReading] = useState(false);
  const [sharing, setSharing] = useState(false);
  const [announcing, setAnnouncing] = useState(false);
  const announcement = useAnnouncement(screen, announcing && view.phase === 'live');
  const name = displayName(device);
  const ended = view.phase === 'ended';
  useTabTitle(typing ? `⌨ ${name}` : undefined);

  useWatchKeys(device, root, {
    ready: !typing && (view.phase === 'live' || ended),
    soon: view.phase === 'connecting' && !typeAtOnce,
    wanting: terminal.wanting || (typeAtOnce && view.phase === 'connecting'),
    take: () => {
      if (mayDrive && ended) onNewShell?.();
      else if (mayDrive) take();
    },
    read: () => setReading(true),
    copy: () => copySelection(screen.current),
  });
  useEffect(() => {
    if (state) onState?.(state);
  }, [state, onState]);
  const began = useRef(false);
  useEffect(() => {
    if (!typeAtOnce || began.current || view.phase !== 'live') return;
    began.current = true;
    take();
  }, [typeAtOnce, view.phase, take]);

  // Who types owns the size; everybody else sees that size, larger or smaller.
  const { cols, rows } = state ?? {};
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const follow = () => {
      const drawn = screen.current;
      if (!drawn) return;
      if (!typing) {
        drawn.scale(scale);
        return;
      }
      const size = drawn.sizeOfBox();
      if (!size || (size.cols === cols && size.rows === rows)) return;
      clearTimeout(timer);
      timer = setTimeout(() => void viewer.current?.ask<typeof DoneAnswer>({ op: 'resize', ...size }), RESIZE_WAIT_MS);
    };
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    // After xterm has drawn the new size, for its cells are measured on what is drawn.
    const frame = requestAnimationFrame(() => requestAnimationFrame(follow));
    return () => {
      observer.disconnect();
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [typing, scale, cols, rows, screen, viewer]);

  return (
    <section
      ref={root}
      tabIndex={-1}
      aria-label={`Terminal of ${name}`}
      data-typing={typing ? '' : undefined}
      className="flex min-h-0 flex-1 flex-col outline-none"
    >
      {terminal.finding ? <FindBar terminal={terminal} /> : null}
      <TerminalNotice device={device} terminal={terminal} />
      <div className="min-h-40 flex-1 overflow-auto bg-term p-1.5">
        <div ref={box} data-terminal-screen className="size-full overflow-auto" />
      </div>
      {typing ? <TerminalKeys terminal={terminal} /> : null}
      <DriveBar
        device={name}
        driving={typing}
        watching={watchingWords({ device: name, state, uid: live?.uid, mayDrive, guest, wanting: terminal.wanting, ended })}
        onStop={terminal.stop}
        asking={state?.asking}
        uid={live?.uid}
        onAnswer={terminal.control}
        others={othersWatching(state, me?.user)}
        recording={state?.recording ? { words: RECORDED, since: state.startedTypingAt } : undefined}
        title={state?.title && plainTitle(state.title)}
        latencyMs={view.latencyMs}
      >
        {typing ? null : <ScaleChoice value={scale} onChange={setScale} />}
      </DriveBar>
      {typing ? null : (
        <div className="flex items-center gap-2 border-t border-line bg-surface px-3 py-1.5">
          {/* On a phone one row that is pushed aside: the lines need the height. */}
          <div className="flex min-w-0 flex-1 items-center gap-2 overflow-x-auto p-1">
            <Button look="quiet" onClick={() => setReading(true)}>
              Read output
            </Button>
            <Button look="quiet" onClick={() => terminal.setFinding(true)}>
              Find
            </Button>
            {mayDrive && !ended ? (
              <Button look="quiet" onClick={() => setSharing(true)}>
                Share read-only link
              </Button>
            ) : null}
            <label className="flex min-h-9 shrink-0 items-center gap-2 px-2 text-15 text-muted">
              <input
                type="checkbox"
                className="size-5 accent-accent"
                checked={announcing}
                onChange={(event) => setAnnouncing(event.target.checked)}
              />
              Announce new output
            </label>
          </div>
          {mayDrive && !ended ? (
            <Button onClick={take} busy={terminal.wanting && 'Asking'}>
              {state?.writer ? 'Ask for control' : 'Take control'}
            </Button>
          ) : null}
          {ended && onNewShell ? <Button onClick={onNewShell}>New shell</Button> : null}
        </div>
      )}
      <p aria-live="polite" className="sr-only whitespace-pre-line">
        {announcement}
      </p>
      {terminal.paste === undefined ? null : <PasteDialog device={name} text={terminal.paste} onDone={terminal.confirmPaste} />}
      {terminal.link ? <LinkDialog url={terminal.link} onClose={terminal.closeLink} /> : null}
      {reading ? <ReadOutput device={name} viewer={viewer} onClose={() => setReading(false)} /> : null}
      {sharing ? <ShareDialog device={device} sid={sid} onClose={() => setSharing(false)} /> : null}
    </section>
  );
}

function copySelection(screen: XtermScreen | undefined): boolean {
  if (!screen?.terminal.hasSelection()) return false;
  void navigator.clipboard?.writeText(screen.terminal.getSelection()).catch(() => undefined);
  return true;
}
