/** Starts what a session is of. */
import { StreamRefusal } from '#contracts/stream/session.ts';
import type { TerminalTarget } from '#contracts/stream/terminal.ts';
import type { AgentConfig } from '../../config/agent-config.ts';
import { HostProgram } from './host-program.ts';
import type { ProgramEvents, TerminalProgram, TerminalSize } from './program.ts';

export async function startProgram(
  _config: AgentConfig,
  target: TerminalTarget,
  size: TerminalSize,
  events: ProgramEvents,
): Promise<TerminalProgram> {
  if (target.kind === 'host') return new HostProgram(size, events);
  throw new StreamRefusal('not-found', 'This device opens no terminals of containers.');
}
