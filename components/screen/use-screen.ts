'use client';
/** One desktop in an element: its session, noVNC on top of it, and who drives. */
import type RFB from '@novnc/novnc';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { ScreenState } from '#contracts/stream/screen.ts';
import { ExecAnswer } from '#contracts/stream/terminal.ts';
import { askDevice } from '../live/live-link.ts';
import type { StreamPhase } from '../live/stream-viewer.ts';
import { useStream } from '../live/use-stream.ts';
import { useLink } from '../live/use-wall.ts';
import { ScreenChannel } from './screen-channel.ts';
import type { ScreenName } from './screens.ts';

export type Scale = 'fit' | '1:1';

export interface ScreenHandle {
  phase: StreamPhase;
  state: ScreenState | undefined;
  /** A picture was drawn in this session. */
  drawn: boolean;
  driving: boolean;
  wanting: boolean;
  /** What the device said to the last wish for control. */
  problem: string | undefined;
  needsPassword: boolean;
  /** Text the desktop put on its clipboard while we drive. */
  offered: string | undefined;
  retry(): void;
  take(): void;
  stop(): void;
  answer(action: 'keep' | 'give'): void;
  enterPassword(password: string): void;
  sendText(text: string): void;
  dismissOffer(): void;
  /** Keys go to the desktop from now on. */
  focus(): void;
  /** Keysyms that are held together, in their order. */
  press(keysyms: readonly number[]): void;
  /** False: a press on the desktop does not take the focus from where it is. */
  takeFocus(take: boolean): void;
}

type Module = typeof import('@novnc/novnc');

export function useScreen(device: string, screen: ScreenName, target: RefObject<HTMLElement | null>, scale: Scale): ScreenHandle {
  const link = useLink();
  const module = useNovnc();
  const [state, setState] = useState<ScreenState>();
  const [drawn, setDrawn] = useState(false);
  const [wanting, setWanting] = useState(false);
  const [problem, setProblem] = useState<string>();
  const [needsPassword, setNeedsPassword] = useState(false);
  const [offered, setOffered] = useState<string>();
  const rfb = useRef<RFB>(undefined);
  const channel = useRef<ScreenChannel>(undefined);
  const isDriving = useRef(false);

  const end = useCallback(() => {
    rfb.current?.disconnect();
    channel.current?.close();
    channel.current = undefined;
    rfb.current = undefined;
    setDrawn(false);
    setState(undefined);
    setNeedsPassword(false);
  }, []);

  const key = module ? `${device} ${screen.deployment} ${screen.service}` : undefined;
  const { phase, viewer } = useStream(key, () => ({
    kind: 'screen',
    device,
    // Each asking is another connection to the desktop, which begins with a greeting of its own.
    body: () => {
      end();
      channel.current = new ScreenChannel({
        publish: (where, bytes) => viewer()?.publish(where, bytes),
        isDriving: () => isDriving.current,
      });
      return { deployment: screen.deployment, service: screen.service };
    },
    onOpen: () => {
      if (!module || !target.current || !channel.current) return;
      const one = new module.default(target.current, channel.current, { shared: true });
      one.viewOnly = !isDriving.current;
      one.background = 'var(--term)';
      one.addEventListener('connect', () => setDrawn(true));
      one.addEventListener('credentialsrequired', () => setNeedsPassword(true));
      one.addEventListener('securityfailure', ({ detail }) =>
        setProblem(`The desktop did not let us in: ${detail.reason ?? 'no reason given'}.`),
      );
      one.addEventListener('clipboard', ({ detail }) => {
        if (isDriving.current) setOffered(detail.text.slice(0, CLIPBOARD_MAX));
      });
      rfb.current = one;
      setScale(one, scale);
    },
    onData: (bytes, consumed) => channel.current?.receive(bytes, consumed),
    onState: (value) => setState(ScreenState.safeParse(value).data),
  }));
  useEffect(() => end, [end]);

  const driving = phase.kind === 'open' && state?.writer !== undefined && state.writer.uid === link?.uid;
  isDriving.current = driving;
  useEffect(() => {
    if (driving) setWanting(false);
    else setOffered(undefined);
    const one = rfb.current;
    if (!one || !drawn) return;
    one.viewOnly = !driving;
    if (driving) one.focus();
    else one.blur();
  }, [driving, drawn]);
  useEffect(() => {
    if (rfb.current && drawn) setScale(rfb.current, scale);
  }, [scale, drawn]);

  const control = useCallback(
    async (action: 'take' | 'keep' | 'give' | 'release') => {
      const sid = viewer()?.sid;
      if (!sid) return;
      const said = ExecAnswer.safeParse(await askDevice(link, device, 'exec', { op: 'screen-control', sid, action })).data;
      if (said?.ok) setProblem(undefined);
      else {
        setWanting(false);
        setProblem(said?.message ?? 'The device gave an answer this page does not understand. Reload the page.');
      }
    },
    [link, device, viewer],
  );

  return {
    phase,
    state,
    drawn,
    driving,
    wanting,
    problem,
    needsPassword,
    offered,
    ...useMemo(
      () => ({
        retry: () => viewer()?.retry(),
        take: () => {
          setWanting(true);
          void control('take');
        },
        stop: () => {
          setWanting(false);
          void control('release');
        },
        answer: (action: 'keep' | 'give') => void control(action),
        enterPassword: (password: string) => {
          setNeedsPassword(false);
          rfb.current?.sendCredentials({ password });
        },
        sendText: (text: string) => rfb.current?.clipboardPasteFrom(text),
        dismissOffer: () => setOffered(undefined),
        focus: () => rfb.current?.focus(),
        press: (keysyms: readonly number[]) => {
          for (const one of keysyms) rfb.current?.sendKey(one, null, true);
          for (const one of [...keysyms].reverse()) rfb.current?.sendKey(one, null, false);
        },
        takeFocus: (take: boolean) => {
          if (rfb.current) rfb.current.focusOnClick = take;
        },
      }),
      [control, viewer],
    ),
  };
}

const CLIPBOARD_MAX = 100_000;

/** At its own size a desktop that is larger than its place is pushed by a finger, or has scroll bars where there is a mouse. */
function setScale(rfb: RFB, scale: Scale): void {
  const finger = window.matchMedia('(pointer: coarse)').matches;
  rfb.scaleViewport = scale === 'fit';
  rfb.clipViewport = scale === '1:1' && finger;
  rfb.dragViewport = scale === '1:1' && finger;
}

/** noVNC is for browsers only, and only for who opens a screen. */
function useNovnc(): Module | undefined {
  const [module, setModule] = useState<Module>();
  useEffect(() => {
    let gone = false;
    void import('@novnc/novnc').then((loaded) => {
      if (!gone) setModule(loaded);
    });
    return () => {
      gone = true;
    };
  }, []);
  return module;
}
