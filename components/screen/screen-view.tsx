'use client';
/** One desktop: watched, and driven by whoever took control. */
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { displayName } from '#contracts/device.ts';
import { lettersAreOn } from '../keys/letters.ts';
import { useMay, useMe } from '../live/use-me.ts';
import { useLink } from '../live/use-wall.ts';
import { makeWish, takeWish, WISH_EVENT } from '../live/wishes.ts';
import { Button } from '../ui/button.tsx';
import { classNames } from '../ui/class-names.ts';
import { DriveBar, isLeaveKey } from '../ui/drive-bar.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { Field, Input } from '../ui/field.tsx';
import { othersWatching } from '../ui/words.ts';
import { ClipboardDialog, ClipboardOffer } from './clipboard.tsx';
import { watchingWords } from './screen-words.ts';
import type { ScreenName } from './screens.ts';
import { KeyboardButton, TouchKeys } from './touch-keys.tsx';
import { useLatency } from './use-latency.ts';
import { type Scale, type ScreenHandle, useScreen } from './use-screen.ts';

interface ScreenViewProps {
  device: string;
  screen: ScreenName;
  onTyping?: ((typing: boolean) => void) | undefined;
}

export function ScreenView({ device, screen, onTyping }: ScreenViewProps) {
  const frame = useRef<HTMLElement>(null);
  const keys = useRef<HTMLTextAreaElement>(null);
  const [scale, setScale] = useState<Scale>('fit');
  const [pasting, setPasting] = useState(false);
  const handle = useScreen(device, screen, frame, scale);
  const mayDrive = useMay('drive');
  const me = useMe();
  const link = useLink();
  const latencyMs = useLatency(device);
  const { driving, state, phase } = handle;
  const name = displayName(device);

  const typed = useRef(onTyping);
  typed.current = onTyping;
  useEffect(() => {
    if (!driving) return;
    typed.current?.(true);
    return () => typed.current?.(false);
  }, [driving]);
  useScreenKeys(device, frame, handle, mayDrive);

  return (
    <>
      <div className="relative min-h-0 flex-1 bg-term">
        <section
          ref={frame}
          onMouseDown={(event) => {
            if (!driving || event.target instanceof HTMLCanvasElement) return;
            event.preventDefault();
            handle.focus();
          }}
          aria-label={`Desktop of ${screen.service} on ${name}`}
          data-typing={driving ? '' : undefined}
          data-moves-aside={driving || scale === '1:1' ? '' : undefined}
          className={classNames('absolute inset-0', driving && 'outline-3 -outline-offset-3 outline-focus')}
        />
        {handle.drawn ? null : (
          <div className="absolute inset-0 grid place-content-center p-6 text-center text-[#a9b4d0]">
            {handle.needsPassword ? (
              <Password onEnter={handle.enterPassword} service={screen.service} />
            ) : (
              <p role="status">
                {phase.kind === 'asking' || phase.kind === 'open' ? `Opening the desktop of ${screen.service} …` : ''}
              </p>
            )}
          </div>
        )}
        <div className="absolute inset-x-0 top-0 flex flex-col gap-2 p-3 empty:hidden">
          {phase.kind === 'waiting' || phase.kind === 'refused' ? (
            <ErrorNote
              severity="warning"
              fact={phase.message}
              effect=""
              action={<Button onClick={handle.retry}>Try again</Button>}
            />
          ) : null}
          {handle.problem ? <ErrorNote fact={handle.problem} effect="" /> : null}
          {handle.offered === undefined ? null : (
            <ClipboardOffer device={name} text={handle.offered} onDone={handle.dismissOffer} />
          )}
        </div>
      </div>
      {driving ? <TouchKeys device={name} handle={handle} field={keys} /> : null}
      <DriveBar
        device={name}
        driving={driving}
        watching={watchingWords({ device: name, state, uid: link?.uid, mayDrive, wanting: handle.wanting })}
        onStop={handle.stop}
        asking={state?.asking}
        uid={link?.uid}
        onAnswer={handle.answer}
        others={othersWatching(state, me?.user)}
        recording={state?.recording ? { words: 'Recorded, kept 30 days.' } : undefined}
        latencyMs={latencyMs}
      >
        {driving ? <KeyboardButton field={keys} /> : null}
        {driving ? (
          <button type="button" className="min-h-8 touch:min-h-11 px-2 underline" onClick={() => setPasting(true)}>
            Give it text
          </button>
        ) : null}
        <fieldset className="flex gap-1">
          <legend className="sr-only">Size of the desktop</legend>
          {(['fit', '1:1'] as const).map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={scale === one}
              onClick={() => {
                setScale(one);
                // The bar says that keys go to the desktop: a button must not keep them.
                if (driving) handle.focus();
              }}
              className={classNames('min-h-8 touch:min-h-11 rounded-ctl px-2', scale === one && 'font-semibold underline')}
            >
              {one === 'fit' ? 'Fit' : '1:1'}
            </button>
          ))}
        </fieldset>
        {mayDrive && !driving ? (
          <Button onClick={handle.take} disabled={!handle.drawn || handle.wanting}>
            Take control
          </Button>
        ) : null}
      </DriveBar>
      <ClipboardDialog
        device={name}
        open={pasting}
        onOpenChange={setPasting}
        onClosed={() => driving && handle.focus()}
        onSend={handle.sendText}
      />
    </>
  );
}

const OF_A_FIELD = 'input, textarea, select, [contenteditable], [role="menu"], [role="listbox"]';

/** t takes control wherever the focus is while the desktop is seen; while driving only the keys that leave stay with the page. */
function useScreenKeys(device: string, frame: { current: HTMLElement | null }, handle: ScreenHandle, mayDrive: boolean): void {
  const latest = useRef({ handle, mayDrive });
  latest.current = { handle, mayDrive };
  const { drawn } = handle;
  useEffect(() => {
    if (!drawn) return;
    const wish = () => {
      if (latest.current.mayDrive && takeWish('type', device)) latest.current.handle.take();
    };
    wish();
    window.addEventListener(WISH_EVENT, wish);
    return () => window.removeEventListener(WISH_EVENT, wish);
  }, [drawn, device]);
  useEffect(() => {
    function press(event: KeyboardEvent) {
      const { handle, mayDrive } = latest.current;
      if (handle.driving) {
        // A key after a press beside the desktop is meant for the desktop, and must not do something to the page.
        const isAstray = event.target === document.body;
        if (isLeaveKey(event)) handle.stop();
        else if (isAstray) handle.focus();
        else return;
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      if (event.key !== 't' || event.ctrlKey || event.metaKey || event.altKey || event.repeat || !lettersAreOn()) return;
      if (handle.wanting || !frame.current?.checkVisibility() || (handle.drawn && !mayDrive)) return;
      if (event.target instanceof Element && event.target.closest(OF_A_FIELD)) return;
      if (handle.drawn) handle.take();
      else makeWish('type', device);
      event.preventDefault();
      event.stopImmediatePropagation();
    }
    window.addEventListener('keydown', press, { capture: true });
    return () => window.removeEventListener('keydown', press, { capture: true });
  }, [frame, device]);
}

function Password({ onEnter, service }: { onEnter: (password: string) => void; service: string }) {
  const [password, setPassword] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onEnter(password);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 rounded-ctl bg-surface p-4 text-left text-text">
      <Field label={`The desktop of ${service} asks for its password`} hint="It goes to the desktop and is not kept.">
        {(control) => (
          <Input
            {...control}
            type="password"
            autoComplete="off"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit">Open the desktop</Button>
    </form>
  );
}
