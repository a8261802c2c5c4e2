'use client';
/**
 * What tiles, zoomed tiles and the device page show of other features. Features do not know each other: app/ hands their parts over
 * here, and panes load when they are first opened.
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

export interface DeviceSlotProps {
  device: string;
}

export interface Panes {
  terminal: ComponentType<PaneProps>;
  logs: ComponentType<PaneProps>;
  screen: ComponentType<PaneProps>;
  /** Logs of a deployment on all its devices. */
  deploymentLogs: ComponentType<{ deployment: string }>;
  /** How the device proves who it is. */
  identity: ComponentType<DeviceSlotProps>;
  /** The caption line of a tile: what its agent says it does; draws nothing where there is nothing to say. */
  caption: ComponentType<DeviceSlotProps>;
  /** The raised hand over a tile's caption, with its answers. */
  ask: ComponentType<DeviceSlotProps>;
  /** The steps of the agent at work, beside a zoomed tile; draws nothing without steps. */
  steps: ComponentType<DeviceSlotProps>;
  /** Once on a wall, over its tiles (`[data-device]`): a wedge at the caller's frame, a dot at the called one. */
  glances: ComponentType;
  /** The same: the frame of a device that has a new key lights up. */
  renewals: ComponentType;
  /** One line over a wall about new agents; draws nothing where there is nothing to say. */
  updates: ComponentType;
  /** The agent of a device, and what is offered for it. */
  agent: ComponentType<DeviceSlotProps>;
}

export const PanesContext = createContext<Panes | undefined>(undefined);

export function usePanes(): Panes {
  const panes = useContext(PanesContext);
  if (!panes) throw new Error('The panes are missing here: draw this component inside the hub layout.');
  return panes;
}
