/** The device's local sockets: one for the host, one for each service that asks for it, so that each speaks for itself only. */
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { decodeScore } from '#contracts/score/score.ts';
import type { Logger } from '../log.ts';
import type { LocalContext } from './local-api.ts';
import { type LocalSocket, openLocalSocket } from './local-server.ts';
import type { Speaker } from './work-book.ts';

/** The kernel's limit for the path of a socket, without its closing zero. */
const LONGEST_PATH = 107;
export const SOCKET_NAME = 'agent.sock';

export class LocalSockets {
  #stateDir: string;
  #context: LocalContext;
  #log: Logger;
  #open = new Map<string, Promise<LocalSocket | undefined>>();

  constructor(stateDir: string, context: LocalContext, log: Logger) {
    this.#stateDir = stateDir;
    this.#context = context;
    this.#log = log;
  }

  /** Until `signal` aborts; services get theirs when they are created or found running. */
  async run(signal: AbortSignal): Promise<void> {
    void this.#openOnce(hostSocket(this.#stateDir), 0o600, undefined);
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    for (const socket of this.#open.values()) await (await socket)?.close();
    this.#open.clear();
  }

  /** Opens them for what is wanted already: after a restart of the agent their containers run. */
  openFor(deployments: readonly { text: string; name: string }[]): void {
    for (const { name, text } of deployments) {
      if (!text.includes('"agentSocket":true')) continue;
      const decoded = decodeScore(text);
      if (!decoded.ok) continue;
      for (const service of decoded.score.data.services) if (service.agentSocket) this.folderOf(name, service.name);
    }
  }

  /** The folder to mount into this service. Short, because names are long and paths of sockets are not; its parent is closed to others. */
  folderOf(deployment: string, service: string): string {
    const id = createHash('sha256').update(`${deployment}/${service}`).digest('hex').slice(0, 12);
    const parent = path.join(this.#stateDir, 'sockets');
    const folder = path.join(parent, id);
    mkdirSync(folder, { recursive: true });
    chmodSync(parent, 0o700);
    chmodSync(folder, 0o755);
    void this.#openOnce(path.join(folder, SOCKET_NAME), 0o666, { deployment, service });
    return folder;
  }

  #openOnce(file: string, mode: number, by: Speaker): Promise<LocalSocket | undefined> {
    const opening = this.#open.get(file) ?? this.#openSocket(file, mode, by);
    this.#open.set(file, opening);
    return opening;
  }

  async #openSocket(file: string, mode: number, by: Speaker): Promise<LocalSocket | undefined> {
    try {
      if (Buffer.byteLength(file) > LONGEST_PATH)
        throw new Error(`its path is longer than ${LONGEST_PATH} bytes; choose a shorter state_dir`);
      return await openLocalSocket({ file, mode, by, context: this.#context, log: this.#log });
    } catch (error) {
      this.#open.delete(file);
      this.#log.error(
        { file },
        `The local socket cannot be opened: ${(error as Error).message}. Programs cannot speak through it.`,
      );
      return undefined;
    }
  }
}

/** The socket of programs on the host itself. */
export const hostSocket = (stateDir: string): string => path.join(stateDir, SOCKET_NAME);
