'use client';
/**
 * The panes a zoomed tile and the device page show. Features do not know each other: app/ hands them over here, and each
 * loads when it is first opened.
 */
import { type ComponentType, createContext, useContext } from 'react';

export interface PaneProps {
  device: string;
  /** The service it begins with, where one was chosen. */
  deployment?: string | undefined;
  service?: string | undefined;
  /** True while keys go to the device: whoever holds the pane keeps its own keys (Esc, arrows, letters) silent. */
  onTyping?: ((typing: boolean) => void) | undefined;
}

export interface Panes {
  terminal: ComponentType<PaneProps>;
  logs: ComponentType<PaneProps>;
  screen: ComponentType<PaneProps>;
}

export const PanesContext = createContext<Panes | undefined>(undefined);

export function usePanes(): Panes {
  const panes = useContext(PanesContext);
  if (!panes) throw new Error('The panes are missing here: draw this component inside the hub layout.');
  return panes;
}
