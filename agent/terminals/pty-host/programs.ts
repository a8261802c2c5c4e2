/** Starts what a session is of: a shell of the host here, everything else in a container. */
import type { TerminalTarget } from '#contracts/stream/terminal.ts';
import type { AgentConfig } from '../../config/agent-config.ts';
import { ContainerPrograms } from './container-programs.ts';
import { HostProgram } from './host-program.ts';
import type { ProgramEvents, TerminalProgram, TerminalSize } from './program.ts';

export type StartProgram = (target: TerminalTarget, size: TerminalSize, events: ProgramEvents) => Promise<TerminalProgram>;

export function programsOf(config: AgentConfig): StartProgram {
  const containers = new ContainerPrograms(config);
  return async (target, size, events) =>
    target.kind === 'host' ? new HostProgram(size, events) : containers.start(target, size, events);
}
