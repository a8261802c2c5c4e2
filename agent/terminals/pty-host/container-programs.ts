/** Finds the containers of services and runs terminals in them, through the engine's API. */

import { CONTAINER_LABEL } from '#contracts/container.ts';
import { StreamRefusal } from '#contracts/stream/session.ts';
import type { TerminalTarget } from '#contracts/stream/terminal.ts';
import type { AgentConfig } from '../../config/agent-config.ts';
import type { Container, Engine } from '../../engine/engine.ts';
import { openEngine } from '../../engine/open-engine.ts';
import { AttachProgram } from './attach-program.ts';
import { readEarlierOutput } from './earlier-output.ts';
import { ExecProgram } from './exec-program.ts';
import type { ProgramEvents, TerminalProgram, TerminalSize } from './program.ts';

/** The first shell that is there. An image without any has no terminal, and says so. */
const ANY_SHELL = ['sh', '-c', 'for s in bash ash; do command -v $s >/dev/null 2>&1 && exec $s; done; exec sh'];

export class ContainerPrograms {
  #config: AgentConfig;
  #engine: Engine;

  constructor(config: AgentConfig) {
    this.#config = config;
    this.#engine = openEngine(config.engineSocket);
  }

  async start(
    target: Exclude<TerminalTarget, { kind: 'host' }>,
    size: TerminalSize,
    events: ProgramEvents,
  ): Promise<TerminalProgram> {
    const container = await this.#find(target).catch((error: Error) => {
      throw new StreamRefusal('unreachable', `The container engine of this device does not answer: ${error.message}. Try again.`);
    });
    if (!container) throw new StreamRefusal('not-found', `${target.service} has no container on this device.`);
    if (container.state !== 'running')
      throw new StreamRefusal('not-running', `${target.service} does not run at the moment. Its log says why.`);
    const terminals = await this.#engine.terminals();
    if (target.kind === 'exec') {
      const command = target.command ?? ANY_SHELL;
      return ExecProgram.start(terminals, { containerId: container.id, service: target.service, command, size }, events);
    }
    const find = async () => {
      const found = await this.#find(target);
      return found && { id: found.id, running: found.state === 'running' };
    };
    const readEarlier = (id: string) => readEarlierOutput(this.#engine, id);
    return AttachProgram.start(terminals, { find, readEarlier, service: target.service, size }, events);
  }

  async #find({ deployment, service }: { deployment: string; service: string }): Promise<Container | undefined> {
    const { device, fleet } = this.#config;
    const found = await this.#engine.listContainers({
      [CONTAINER_LABEL.device]: device,
      [CONTAINER_LABEL.deployment]: deployment,
      [CONTAINER_LABEL.service]: service,
      ...(fleet ? { [CONTAINER_LABEL.fleet]: fleet } : {}),
    });
    return found.find(({ state }) => state === 'running') ?? found.at(-1);
  }
}
