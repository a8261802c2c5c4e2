/** What happens in the terminals of a device that are not the one on the screen: who types there now, and that they ended. */
import { useEffect, useRef } from 'react';
import type { TerminalState } from '#contracts/stream/terminal.ts';
import { readTerminalState } from '#contracts/stream/terminal-reader.ts';
import { subjects } from '#contracts/subjects.ts';
import type { LiveLink } from '../live/live-link.ts';

export function useSessionNews(device: string, link: LiveLink | undefined, onState: (state: TerminalState) => void): void {
  const told = useRef(onState);
  told.current = onState;
  const connection = link?.connection;
  useEffect(() => {
    if (!connection || connection.isClosed()) return;
    const subscription = connection.subscribe(subjects.term.news(device), {
      callback: (error, message) => {
        const state = error ? undefined : readTerminalState(message.data);
        if (state) told.current(state);
      },
    });
    return () => subscription.unsubscribe();
  }, [device, connection]);
}
