/** Terminals in containers: a command of its own with a TTY, or the container's own terminal. Podman and Docker say it alike. */
import type { Duplex } from 'node:stream';
import * as z from 'zod';
import type { EngineTransport } from './engine-transport.ts';
import { withoutFrames } from './log-frames.ts';

export interface TerminalCells {
  cols: number;
  rows: number;
}

export interface ExecFacts {
  running: boolean;
  /** Of the machine, where the engine is on it; 0: none. */
  pid: number;
  exitCode: number;
}

const Created = z.object({ Id: z.string() });
const Inspected = z.object({ Running: z.boolean(), Pid: z.number().nullish(), ExitCode: z.number().nullish() });

export class ContainerTerminals {
  #transport: EngineTransport;
  #api: string;

  constructor(transport: EngineTransport, api: string) {
    this.#transport = transport;
    this.#api = api;
  }

  /** Bytes both ways. When the stream is dropped, the command goes on: see `inspectExec`. */
  async exec(
    containerId: string,
    { command, env, size }: { command: readonly string[]; env: readonly string[]; size: TerminalCells },
  ): Promise<{ execId: string; stream: Duplex }> {
    const body = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: true, Cmd: command, Env: env };
    const { Id: execId } = await this.#transport.post(`${this.#api}/containers/${containerId}/exec`, Created, { body });
    const start = { Detach: false, Tty: true, h: size.rows, w: size.cols };
    return { execId, stream: await this.#transport.hijack(`${this.#api}/exec/${execId}/start`, start) };
  }

  async inspectExec(execId: string): Promise<ExecFacts> {
    const { Running, Pid, ExitCode } = await this.#transport.get(`${this.#api}/exec/${execId}/json`, Inspected);
    return { running: Running, pid: Pid ?? 0, exitCode: ExitCode ?? 0 };
  }

  /** Podman answers 201 and Docker 200. */
  async resizeExec(execId: string, { cols, rows }: TerminalCells): Promise<void> {
    await this.#transport.send('POST', `${this.#api}/exec/${execId}/resize?h=${rows}&w=${cols}`);
  }

  /** What the container writes from now on, and its standard input. */
  attach(containerId: string): Promise<Duplex> {
    const query = 'stream=true&stdin=true&stdout=true&stderr=true';
    return this.#transport.hijack(`${this.#api}/containers/${containerId}/attach?${query}`);
  }

  /** The last lines of what it wrote so far, as the engine kept them: podman's journal ends each piece of a line like a line. */
  lastOutput(containerId: string, lines: number, signal: AbortSignal): AsyncIterable<Buffer> {
    const query = `stdout=true&stderr=true&follow=false&tail=${lines}`;
    return withoutFrames(this.#transport.bytes('GET', `${this.#api}/containers/${containerId}/logs?${query}`, signal));
  }

  async resizeContainer(containerId: string, { cols, rows }: TerminalCells): Promise<void> {
    await this.#transport.send('POST', `${this.#api}/containers/${containerId}/resize?h=${rows}&w=${cols}`);
  }
}
