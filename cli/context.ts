/** What every command gets: the terminal it writes to, and the hub it asks. */
import { Hub } from './hub/client.ts';
import { findConnection } from './hub/connection.ts';
import type { Terminal } from './output/terminal.ts';

export interface Context {
  terminal: Terminal;
  hub: Hub;
  /** Looks it up again: a hub that was started anew has another token. */
  findHub: () => Hub;
}

export const openHub = (home: string | undefined): Hub => new Hub(findConnection(process.env, process.cwd(), home));
