/** The agent's end of the pty host: finds it or starts it, asks it, and finds it again when either of them was gone. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import { DeviceEvent } from '#contracts/event.ts';
import type { TerminalPeek } from '#contracts/peek.ts';
import { STREAM_ERROR_CODES, StreamRefusal } from '#contracts/stream/session.ts';
import type { Logger } from '../log.ts';
import { decodeTagged, encodeJson, encodeTagged, HostFrameReader, TO_AGENT, TO_HOST } from './host-frames.ts';
import { isHostAlive, readHostRecord } from './host-place.ts';

const START_MS = 20_000;
const START_LOOK_MS = 30;
const ANSWER_MS = 30_000;
const LOOK_AGAIN_MS = 500;
/** Only this agent starts a host: where there is none, looking is for one started by an agent before it. */
const LOOK_FOR_NONE_MS = 10_000;
const UNSENT_BYTES = 8 * 1024 ** 2;
const PENDING_MOST = 256;
/** What the host needs to find programs, the engine and its own user; nothing else of the agent's environment. */
const ENVIRONMENT = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'XDG_RUNTIME_DIR',
  'CONTAINER_HOST',
  'DOCKER_HOST',
];

const Reply = z.object({ id: z.number(), reply: z.looseObject({ ok: z.boolean() }) });
const Refused = z.object({ code: z.enum(STREAM_ERROR_CODES), message: z.string() });
const Told = DeviceEvent.omit({ device: true, at: true });
export type ToldEvent = z.infer<typeof Told>;
export interface PictureNews {
  watch: number;
  picture?: TerminalPeek;
  why?: string;
}

export interface HostClientOptions {
  stateDir: string;
  configFile: string;
  log: Logger;
  onOut(sid: string, message: Uint8Array): void;
  onEvent(event: ToldEvent): void;
  onPicture(news: PictureNews): void;
  onConnected(): void;
  /** No host runs any more: what it left unfinished may be closed. */
  onGone(): Promise<void>;
}

interface Pending {
  resolve(reply: Record<string, unknown>): void;
  reject(error: Error): void;
  timer: NodeJS.Timeout;
}

export class HostClient {
  #options: HostClientOptions;
  #socket: Socket | undefined;
  #connecting: Promise<Socket> | undefined;
  #pending = new Map<number, Pending>();
  #nextId = 1;
  #goneTold = false;
  #stopped = false;

  constructor(options: HostClientOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#socket !== undefined;
  }

  /** Until aborted: keeps the connection to a host that runs; starts none. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (!this.#socket && !this.#connecting) await this.#look();
      const none = this.#goneTold && !this.#socket;
      await delay(none ? LOOK_FOR_NONE_MS : LOOK_AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
    this.#stopped = true;
    this.#socket?.destroy();
  }

  /** Starts the host where none runs. Fails with `StreamRefusal` as the host says. */
  async ask(request: Record<string, unknown>): Promise<Record<string, unknown>> {
    const socket = await this.#connect();
    if (this.#pending.size >= PENDING_MOST)
      throw new StreamRefusal('too-many', 'This device is busy with its terminals. Try again in a moment.');
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(id);
        reject(new StreamRefusal('unreachable', 'The terminals of this device did not answer in time. Try again.'));
      }, ANSWER_MS);
      this.#pending.set(id, { resolve, reject, timer });
      socket.write(encodeJson(TO_HOST.request, { id, ...request }));
    });
  }

  /** Where a host is connected; nothing is started for it, and no answer awaited. */
  say(request: Record<string, unknown>): void {
    this.#socket?.write(encodeJson(TO_HOST.request, { id: 0, ...request }));
  }

  input = (sid: string, uid: string, bytes: Uint8Array): void => this.#pass(TO_HOST.input, sid, uid, bytes);
  acknowledge = (sid: string, uid: string, bytes: Uint8Array): void => this.#pass(TO_HOST.ack, sid, uid, bytes);

  #pass(kind: number, sid: string, uid: string, bytes: Uint8Array): void {
    if (this.#socket && this.#socket.writableLength < UNSENT_BYTES) this.#socket.write(encodeTagged(kind, [sid, uid], bytes));
  }

  async #look(): Promise<void> {
    const record = readHostRecord(this.#options.stateDir);
    if (record && isHostAlive(record)) {
      this.#goneTold = false;
      await this.#connect(false).catch(() => undefined);
    } else if (!this.#goneTold) {
      this.#goneTold = true;
      await this.#options.onGone().catch(() => undefined);
    }
  }

  #connect(start = true): Promise<Socket> {
    if (this.#stopped) return Promise.reject(new StreamRefusal('unreachable', 'The agent of this device stops. Try again.'));
    if (this.#socket) return Promise.resolve(this.#socket);
    this.#connecting ??= this.#open(start).finally(() => {
      this.#connecting = undefined;
    });
    return this.#connecting;
  }

  async #open(start: boolean): Promise<Socket> {
    const { stateDir } = this.#options;
    const endMs = Date.now() + START_MS;
    let started = false;
    while (Date.now() < endMs && !this.#stopped) {
      const record = readHostRecord(stateDir);
      const alive = record !== undefined && isHostAlive(record);
      const socket = alive ? await dial(record.socket) : undefined;
      if (socket) return this.#use(socket);
      if (!start) break;
      if (!alive && !started) {
        started = true;
        this.#goneTold = false;
        this.#start();
      }
      await delay(START_LOOK_MS);
    }
    throw new StreamRefusal(
      'unreachable',
      'The terminals of this device could not be started. Try again; its agent log says more.',
    );
  }

  /** Detached, so that what ends the agent does not end the terminals; an installed device has a unit for it, started by this file. */
  #start(): void {
    const { configFile, log } = this.#options;
    const wanted = process.env.SCOREWALL_TERMINALS_WANTED;
    if (wanted) {
      writeFile(
        wanted,
        '',
        (error) => error && log.error({ error: error.message }, 'The unit of the terminals cannot be started.'),
      );
      return;
    }
    const env = Object.fromEntries(ENVIRONMENT.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
    const args = [...process.execArgv, process.argv[1]!, 'pty-host', '--config', configFile];
    const child = spawn(process.execPath, args, { detached: true, stdio: 'ignore', env });
    child.on('error', (error) => log.error({ error: error.message }, 'The pty host cannot be started: there are no terminals.'));
    child.unref();
  }

  #use(socket: Socket): Socket {
    const reader = new HostFrameReader((kind, payload) => this.#hear(kind, payload));
    socket.on('data', (chunk) => {
      try {
        reader.push(chunk);
      } catch (error) {
        this.#options.log.error({ error: (error as Error).message }, 'The pty host said something unknown. Connecting again.');
        socket.destroy();
      }
    });
    socket.on('close', () => {
      if (this.#socket === socket) this.#socket = undefined;
      for (const { reject, timer } of this.#pending.values()) {
        clearTimeout(timer);
        reject(new StreamRefusal('unreachable', 'The terminals of this device are gone for a moment. Try again.'));
      }
      this.#pending.clear();
      if (!this.#stopped) void this.#look();
    });
    this.#socket = socket;
    this.#options.onConnected();
    return socket;
  }

  #hear(kind: number, payload: Buffer): void {
    if (kind === TO_AGENT.out) {
      const tagged = decodeTagged(payload, 1);
      if (tagged) this.#options.onOut(tagged.tags[0]!, tagged.bytes);
      return;
    }
    const value: unknown = JSON.parse(payload.toString('utf8'));
    if (kind === TO_AGENT.reply) this.#settle(Reply.parse(value));
    else if (kind === TO_AGENT.event) this.#options.onEvent(Told.parse(value));
    // Made by our own host of the same version: checked for every picture it would cost more than the picture.
    else if (kind === TO_AGENT.picture) this.#options.onPicture(value as PictureNews);
  }

  #settle({ id, reply: { ok, ...fields } }: z.infer<typeof Reply>): void {
    const pending = this.#pending.get(id);
    if (!pending) return;
    this.#pending.delete(id);
    clearTimeout(pending.timer);
    const refused = Refused.safeParse(fields);
    if (ok) pending.resolve(fields);
    else if (refused.success) pending.reject(new StreamRefusal(refused.data.code, refused.data.message));
    else pending.reject(new Error('the pty host refused without a reason'));
  }
}

function dial(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.on('error', () => {
      socket.destroy();
      resolve(undefined);
    });
  });
}
