'use client';
/** What a screen reader is told of new output while it is switched on: what stands on the lines since the last word. */
import { type RefObject, useEffect, useState } from 'react';
import { announcementOf } from './announcement.ts';
import type { XtermScreen } from './xterm-screen.ts';

const EVERY_MS = 1_500;

export function useAnnouncement(screen: RefObject<XtermScreen | undefined>, on: boolean): string {
  const [said, setSaid] = useState('');
  useEffect(() => {
    const terminal = screen.current?.terminal;
    if (!on || !terminal) {
      setSaid('');
      return;
    }
    const line = () => terminal.buffer.normal.baseY + terminal.buffer.normal.cursorY;
    let from = line();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const parsed = terminal.onWriteParsed(() => {
      timer ??= setTimeout(() => {
        timer = undefined;
        const to = line();
        const buffer = terminal.buffer.normal;
        const lines: string[] = [];
        for (let at = Math.min(from, to); at < to; at++) lines.push(buffer.getLine(at)?.translateToString(true) ?? '');
        from = to;
        if (lines.length > 0) setSaid(announcementOf(lines));
      }, EVERY_MS);
    });
    return () => {
      parsed.dispose();
      clearTimeout(timer);
    };
  }, [screen, on]);
  return said;
}
