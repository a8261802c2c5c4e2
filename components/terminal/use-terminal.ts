'use client';
/**
 * One session on the page: its screen, its viewer, and the two states of whoever looks at it. Watching sends nothing; typing begins when
 * the device says that control is ours, and ends with the way out, a click elsewhere, or somebody else's turn.
 */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { displayName } from '#contracts/device.ts';
import type { ExecAnswer, ExecRequest } from '#contracts/stream/terminal.ts';
import { personOf } from '#contracts/uid.ts';
import { askDevice, type LiveLink } from '../live/live-link.ts';
import { clock } from '../ui/words.ts';
import { controlledKey, type Modifier } from './key-bytes.ts';
import { pageKey, pressedKey } from './keys.ts';
import { needsPreview, pasteBytes } from './paste.ts';
import { useTypingListeners } from './use-typing-listeners.ts';
import { TerminalViewer, type ViewerView } from './viewer.ts';
import { fontIsThere, XtermScreen } from './xterm-screen.ts';

export interface TerminalHandle {
  view: ViewerView;
  typing: boolean;
  /** Control was asked for and is not ours yet. */
  wanting: boolean;
  notice: string | undefined;
  paste: string | undefined;
  link: URL | undefined;
  finding: boolean;
  found: { index: number; count: number };
  clipboardAsked: boolean;
  modifier: Modifier | undefined;
  screen: RefObject<XtermScreen | undefined>;
  viewer: RefObject<TerminalViewer | undefined>;
  take(): void;
  stop(): void;
  control(action: 'give' | 'keep'): void;
  confirmPaste(send: boolean): void;
  closeLink(): void;
  setFinding(finding: boolean): void;
  answerClipboard(allowed: boolean): void;
  setModifier(modifier: Modifier | undefined): void;
  type(text: string): void;
}

export interface TerminalOptions {
  device: string;
  sid: string;
  live: LiveLink | undefined;
  /** Grows when the device comes back. */
  deviceEpoch: number | undefined;
  box: RefObject<HTMLElement | null>;
  root: RefObject<HTMLElement | null>;
  onTyping?: ((typing: boolean) => void) | undefined;
}

const NOT_SENT = 'Not sent. Your keys were not delivered.';
const NOTHING: ViewerView = { phase: 'connecting', state: undefined, message: undefined, latencyMs: undefined };
const isMac = () => /Mac|iPhone|iPad/.test(navigator.platform);

export function useTerminal({ device, sid, live, deviceEpoch, box, root, onTyping }: TerminalOptions): TerminalHandle {
  const screen = useRef<XtermScreen>(undefined);
  const viewer = useRef<TerminalViewer>(undefined);
  const [view, setView] = useState<ViewerView>(NOTHING);
  const [typing, setTyping] = useState(false);
  const [wanting, setWanting] = useState(false);
  const [notice, setNotice] = useState<string>();
  const [paste, setPaste] = useState<string>();
  const [link, setLink] = useState<URL>();
  const [finding, setFinding] = useState(false);
  const [found, setFound] = useState({ index: -1, count: 0 });
  const [clipboardAsked, setClipboardAsked] = useState(false);
  const [modifier, setModifierState] = useState<Modifier>();
  // What listeners outside React read: always as it is now.
  const now = useRef({ live, typing, wanting, modifier });
  now.current.live = live;
  const isTyping = useCallback(() => now.current.typing, []);
  const refocus = useCallback(() => screen.current?.terminal.focus(), []);
  const told = useRef(onTyping);
  told.current = onTyping;

  const setModifier = useCallback((next: Modifier | undefined) => {
    now.current.modifier = next;
    setModifierState(next);
  }, []);

  const enter = useCallback(
    (next: boolean) => {
      if (screen.current) screen.current.guard.typing = next;
      if (now.current.typing === next) return;
      now.current.typing = next;
      setTyping(next);
      setModifier(undefined);
      if (next) setNotice(undefined);
      else setClipboardAsked(false);
      told.current?.(next);
      if (next) screen.current?.terminal.focus();
      else if (root.current?.contains(document.activeElement)) root.current.focus({ preventScroll: true });
    },
    [root, setModifier],
  );
  const want = useCallback((next: boolean) => {
    now.current.wanting = next;
    setWanting(next);
  }, []);

  const exec = useCallback(
    (request: ExecRequest) => askDevice<Extract<ExecAnswer, { ok: true }>>(now.current.live, device, 'exec', request),
    [device],
  );
  const stop = useCallback(() => {
    want(false);
    if (!now.current.typing) return;
    enter(false);
    void exec({ op: 'control', sid, action: 'release' });
  }, [enter, exec, sid, want]);
  const take = useCallback(async () => {
    if (now.current.typing || now.current.wanting) return;
    want(true);
    const answer = await exec({ op: 'control', sid, action: 'take' });
    if (!answer.ok) {
      want(false);
      setNotice(answer.message);
    } else if (answer.state) viewer.current?.learn(answer.state);
  }, [exec, sid, want]);
  const control = useCallback(
    async (action: 'give' | 'keep') => {
      refocus();
      const answer = await exec({ op: 'control', sid, action });
      if (!answer.ok) setNotice(answer.message);
      else if (answer.state) viewer.current?.learn(answer.state);
    },
    [exec, sid, refocus],
  );

  const send = useCallback((bytes: Uint8Array) => {
    if (!viewer.current?.send(bytes)) setNotice(NOT_SENT);
    else setNotice((before) => (before === NOT_SENT ? undefined : before));
  }, []);
  const type = useCallback((text: string) => {
    if (!now.current.typing) return;
    screen.current?.terminal.focus();
    screen.current?.terminal.input(text, true);
  }, []);
  const confirmPaste = useCallback(
    (yes: boolean) => {
      setPaste((text) => {
        if (yes && text && now.current.typing) send(pasteBytes(text, screen.current?.terminal.modes.bracketedPasteMode ?? false));
        return undefined;
      });
      setTimeout(() => screen.current?.terminal.focus());
    },
    [send],
  );

  // The screen and its viewer live as long as the session is shown.
  useEffect(() => {
    let gone = false;
    const element = box.current;
    if (!element) return;
    void fontIsThere().then(() => {
      if (gone) return;
      const drawn = new XtermScreen(element, {
        send: (bytes) => {
          send(controlledKey(bytes, now.current.modifier));
          if (now.current.modifier) setModifier(undefined);
        },
        copy: (text) => void navigator.clipboard?.writeText(text).catch(() => undefined),
        onClipboardAsked: () => setClipboardAsked(true),
        onLink: setLink,
        onFound: (index, count) => setFound({ index, count }),
        onKey: (event) => keepKey(event, drawn),
      });
      screen.current = drawn;
      const seen = new TerminalViewer(device, sid, drawn, () => setView(seen.view));
      viewer.current = seen;
      seen.setLink(now.current.live);
    });

    function keepKey(event: KeyboardEvent, drawn: XtermScreen): boolean {
      const what = pageKey(pressedKey(event), { selection: drawn.terminal.hasSelection(), mac: isMac() });
      if (!now.current.typing) return true;
      if (!what || event.type !== 'keydown') return what !== undefined;
      // The browser itself turns these keys into a paste event.
      if (what !== 'paste') event.preventDefault();
      if (what === 'leave') stop();
      if (what === 'find') setFinding(true);
      if (what === 'copy') {
        void navigator.clipboard?.writeText(drawn.terminal.getSelection()).catch(() => undefined);
        drawn.terminal.clearSelection();
      }
      return true;
    }
    return () => {
      gone = true;
      stop();
      viewer.current?.stop();
      screen.current?.dispose();
      viewer.current = undefined;
      screen.current = undefined;
      setView(NOTHING);
    };
  }, [device, sid, box, send, setModifier, stop]);

  useEffect(() => viewer.current?.setLink(live), [live]);
  useEffect(() => {
    if (deviceEpoch !== undefined) viewer.current?.askAgain();
  }, [deviceEpoch]);

  // Control is what the device says.
  const writer = view.state?.writer;
  const asking = view.state?.asking;
  const uid = live?.uid;
  const asked = useRef(false);
  useEffect(() => {
    const mine = writer !== undefined && writer.uid === uid;
    if (now.current.wanting && mine) {
      want(false);
      enter(true);
    } else if (now.current.typing && view.phase === 'ended') {
      enter(false);
    } else if (now.current.typing && view.phase === 'live' && uid !== undefined && !mine) {
      enter(false);
      setNotice(
        writer
          ? `${uid && personOf(uid) === writer.name ? 'You, on another page,' : writer.name} took control of ${displayName(device)} at ${clock(Date.now())}. You are watching.`
          : `Your keys do not go to ${displayName(device)} any more. Press t to type again.`,
      );
    } else if (now.current.wanting && asked.current && !asking && writer) {
      want(false);
      setNotice(`${writer.name} keeps control of ${displayName(device)}. You are watching.`);
    }
    asked.current = asking !== undefined && asking.uid === uid;
  }, [writer, asking, uid, view.phase, device, enter, want]);

  useTypingListeners({
    root,
    box,
    typing,
    isTyping,
    stop,
    refocus,
    onPaste: (text) =>
      needsPreview(text) ? setPaste(text) : send(pasteBytes(text, screen.current?.terminal.modes.bracketedPasteMode ?? false)),
  });

  return {
    view,
    typing,
    wanting,
    notice,
    paste,
    link,
    finding,
    found,
    clipboardAsked,
    modifier,
    screen,
    viewer,
    take,
    stop,
    control,
    confirmPaste,
    closeLink: () => setLink(undefined),
    setFinding: (next) => {
      setFinding(next);
      if (!next) screen.current?.closeFind();
      if (!next && now.current.typing) screen.current?.terminal.focus();
    },
    answerClipboard: (allowed) => {
      screen.current?.guard.answerClipboard(allowed);
      setClipboardAsked(false);
      if (now.current.typing) refocus();
    },
    setModifier,
    type,
  };
}
