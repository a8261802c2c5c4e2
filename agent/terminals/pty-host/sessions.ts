/** All terminal sessions of a device: opened up to a bound, readable for a while after their end, ended when nobody ever came back. */
import { randomBytes } from 'node:crypto';
import type { DeviceEvent } from '#contracts/event.ts';
import { LIMIT, StreamRefusal } from '#contracts/stream/session.ts';
import type { ExecRequest, TerminalState, TerminalTarget } from '#contracts/stream/terminal.ts';
import { personOf } from '#contracts/uid.ts';
import type { OpenRecording } from '../../recordings/open-recording.ts';
import type { RecordingSpool } from '../../recordings/spool.ts';
import type { ProgramEvents, TerminalProgram, TerminalSize } from './program.ts';
import { Session } from './session.ts';

export interface SessionsOptions {
  device: string;
  spool: RecordingSpool;
  publish(sid: string, message: Uint8Array): void;
  tell(event: Omit<DeviceEvent, 'device' | 'at'>): void;
  start(target: TerminalTarget, size: TerminalSize, events: ProgramEvents): Promise<TerminalProgram>;
}

const READABLE_AFTER_END_MS = 5 * 60_000;
const ENDED_KEPT = 32;
const UNTYPED_UNWATCHED_MS = 24 * 3_600_000;
/** A service's own terminal is opened again at the next look. */
const SERVICE_UNWATCHED_MS = 10 * 60_000;
const TICK_MS = 500;

export class Sessions {
  #options: SessionsOptions;
  #sessions = new Map<string, Session>();
  /** Of services' own terminals: two who ask at once get one. */
  #opening = new Map<string, Promise<Session>>();
  #timer: NodeJS.Timeout;

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  get living(): Session[] {
    return [...this.#sessions.values()].filter((session) => !session.endedAt);
  }

  list(): TerminalState[] {
    return [...this.#sessions.values()].map((session) => session.state());
  }

  get(sid: string): Session {
    const session = this.#sessions.get(sid);
    if (!session) throw new StreamRefusal('not-found', 'This terminal is no longer there. Open a new one.');
    return session;
  }

  find(sid: string): Session | undefined {
    return this.#sessions.get(sid);
  }

  newestHost(): Session | undefined {
    const hosts = this.living.filter(({ target }) => target.kind === 'host');
    return hosts.sort((a, b) => b.usedAtMs - a.usedAtMs)[0];
  }

  async execute(uid: string, request: Exclude<ExecRequest, { op: 'screen-control' }>): Promise<Record<string, unknown>> {
    if (request.op === 'open') {
      const session = await this.open(request.target, request, personOf(uid));
      return { sid: session.sid, state: session.state() };
    }
    const session = this.get(request.sid);
    if (request.op === 'control') session.control(uid, request.action);
    else session.end();
    return { sid: session.sid, state: session.state() };
  }

  /** A service's own terminal is one for everybody: an open one is given. */
  async open(target: TerminalTarget, { cols, rows }: TerminalSize, person?: string): Promise<Session> {
    if (target.kind !== 'attach') return this.#open(target, { cols, rows }, person);
    const key = `${target.deployment}/${target.service}`;
    const there = this.living.find((one) => one.target.kind === 'attach' && keyOf(one.target) === key);
    if (there) return there;
    const opening = this.#opening.get(key) ?? this.#open(target, { cols, rows }, person);
    this.#opening.set(key, opening);
    return opening.finally(() => this.#opening.delete(key));
  }

  /** Everything ends, and what was recorded is on disk. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    const all = [...this.#sessions.values()];
    for (const session of all) session.end();
    await Promise.all(all.map((session) => session.settled().catch(() => undefined)));
  }

  /** The agent is there again: whoever missed something while it was away sees it by this. */
  tellAll(): void {
    for (const session of this.living) session.tell();
  }

  async #open(target: TerminalTarget, size: TerminalSize, person: string | undefined): Promise<Session> {
    if (this.living.length + this.#opening.size >= LIMIT.terminalsPerDevice) {
      throw new StreamRefusal(
        'too-many',
        `${LIMIT.terminalsPerDevice} terminals are open on ${this.#options.device}, and it takes no more. End one of them first.`,
      );
    }
    const sid = randomBytes(16).toString('hex');
    const session = new Session({
      ...size,
      sid,
      target,
      opener: person,
      start: (at, events) => this.#options.start(target, at, events),
      publish: (message) => this.#options.publish(sid, message),
      beginRecording: (): Promise<OpenRecording> => this.#options.spool.begin('terminal', target),
      onEnd: (ended) => this.#tell('terminal-ended', `The terminal of ${this.#nameOf(target)} has ended.`, ended.target),
      onWriter: (writer) => this.#tell('terminal-control', `${writer} types into ${this.#nameOf(target)}.`, target, writer),
      onRecorded: () => this.#tell('recording-ready', `The recording of a terminal of ${this.#nameOf(target)} is ready.`, target),
    });
    this.#sessions.set(sid, session);
    try {
      await session.start();
    } catch (error) {
      this.#sessions.delete(sid);
      session.dispose();
      throw error;
    }
    if (person) this.#tell('terminal-opened', `${person} opened a terminal of ${this.#nameOf(target)}.`, target, person);
    return session;
  }

  #nameOf(target: TerminalTarget): string {
    const { device } = this.#options;
    const name = device.charAt(0).toUpperCase() + device.slice(1);
    return target.kind === 'host' ? name : `${target.service} on ${name}`;
  }

  #tell(kind: DeviceEvent['kind'], message: string, target: TerminalTarget, by?: string): void {
    const where = target.kind === 'host' ? {} : { deployment: target.deployment, service: target.service };
    this.#options.tell({ kind, message, ...where, ...(by ? { by } : {}) });
  }

  #tick(): void {
    const now = Date.now();
    for (const session of this.#sessions.values()) {
      session.tick();
      const unwatchedMs = now - Math.max(session.watchedAtMs, session.usedAtMs);
      if (session.target.kind === 'host' && !session.isTyped && unwatchedMs > UNTYPED_UNWATCHED_MS) session.end();
      if (session.target.kind === 'attach' && !session.isTyped && unwatchedMs > SERVICE_UNWATCHED_MS) session.end();
    }
    const ended = [...this.#sessions.values()].filter((session) => session.endedAt);
    ended.sort((a, b) => a.endedAt!.getTime() - b.endedAt!.getTime());
    for (const [index, session] of ended.entries()) {
      const old = now - session.endedAt!.getTime() > READABLE_AFTER_END_MS;
      if (!old && ended.length - index <= ENDED_KEPT) continue;
      this.#sessions.delete(session.sid);
      session.dispose();
    }
  }
}

const keyOf = (target: Extract<TerminalTarget, { kind: 'attach' }>) => `${target.deployment}/${target.service}`;
