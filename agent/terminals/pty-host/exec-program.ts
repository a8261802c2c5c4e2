/** A command in a container with a TTY of its own. Engines leave it behind when its connection goes, so it is ended by its pid. */
import { readlinkSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { StreamRefusal } from '#contracts/stream/session.ts';
import type { ContainerTerminals } from '../../engine/container-terminals.ts';
import { INPUT_KEPT_BYTES, INSIST_AFTER_MS, type ProgramEvents, type TerminalProgram, type TerminalSize } from './program.ts';
import { Resizer } from './resizer.ts';

/** Shells say these for a command that cannot be run or is not there. */
const NOT_RUNNABLE = [126, 127];

interface ExecOptions {
  containerId: string;
  service: string;
  command: readonly string[];
  size: TerminalSize;
}

export class ExecProgram implements TerminalProgram {
  #terminals: ContainerTerminals;
  #execId: string;
  #stream: Duplex;
  #resizer: Resizer;
  #insist: NodeJS.Timeout | undefined;
  #wrote = false;

  static async start(terminals: ContainerTerminals, options: ExecOptions, events: ProgramEvents): Promise<ExecProgram> {
    const { containerId, service, command, size } = options;
    const { execId, stream } = await terminals
      .exec(containerId, { command, env: ['TERM=xterm-256color', 'COLORTERM=truecolor'], size })
      .catch((error: Error) => {
        throw new StreamRefusal('not-running', `${command[0]} cannot be run in ${service}: ${error.message}.`);
      });
    return new ExecProgram(terminals, execId, stream, options, events);
  }

  private constructor(
    terminals: ContainerTerminals,
    execId: string,
    stream: Duplex,
    { service, command, size }: ExecOptions,
    events: ProgramEvents,
  ) {
    this.#terminals = terminals;
    this.#execId = execId;
    this.#stream = stream;
    this.#resizer = new Resizer((to) => terminals.resizeExec(execId, to));
    stream.on('data', (bytes: Buffer) => {
      this.#wrote = true;
      events.onData(bytes);
    });
    stream.on('error', () => stream.destroy());
    stream.once('close', () => void this.#closed(service, command, events));
    // Docker takes no size with the start.
    this.#resizer.resize(size);
  }

  write(bytes: Uint8Array): void {
    if (this.#stream.writable && this.#stream.writableLength + bytes.length <= INPUT_KEPT_BYTES) this.#stream.write(bytes);
  }

  resize(cols: number, rows: number): void {
    this.#resizer.resize({ cols, rows });
  }

  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  end(): void {
    void this.#signal('SIGHUP');
    this.#insist ??= setTimeout(() => {
      this.#stream.destroy();
    }, INSIST_AFTER_MS);
  }

  /** The engine ended, or the command did, or we let go: whatever still runs is ended. */
  async #closed(service: string, command: readonly string[], events: ProgramEvents): Promise<void> {
    clearTimeout(this.#insist);
    this.#resizer.stop();
    await this.#signal('SIGKILL');
    const facts = await this.#terminals.inspectExec(this.#execId).catch(() => undefined);
    const exitCode = facts && !facts.running ? facts.exitCode : undefined;
    const missing = exitCode !== undefined && NOT_RUNNABLE.includes(exitCode) && !this.#wrote;
    const message = missing ? `${command[0]} cannot be run in ${service}: its image has none.` : undefined;
    events.onExit({ exitCode, message });
  }

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const { running, pid } = await this.#terminals.inspectExec(this.#execId).catch(() => ({ running: false, pid: 0 }));
    if (!running || !isForeign(pid)) return;
    try {
      process.kill(pid, signal);
    } catch {
      // Gone already.
    }
  }
}

/**
 * A process with process numbers of its own, as containers have. An engine elsewhere (in a virtual machine, or around the container
 * of the agent) counts anew: the same number is somebody else's here.
 */
export function isForeign(pid: number): boolean {
  try {
    return pid > 1 && readlinkSync(`/proc/${pid}/ns/pid`) !== readlinkSync('/proc/self/ns/pid');
  } catch {
    return false;
  }
}
