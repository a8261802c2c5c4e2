/** Terminals of this device on NATS: requests and typed bytes go to the pty host, what it shows comes back. Holds no session itself. */
import { realpathSync } from 'node:fs';
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import { RecordingRequest } from '#contracts/recording.ts';
import { StreamRefusal } from '#contracts/stream/session.ts';
import { TermRequest } from '#contracts/stream/terminal.ts';
import { subjects } from '#contracts/subjects.ts';
import type { Logger } from '../log.ts';
import type { LinkUser } from '../nats-link.ts';
import type { RecordingSpool } from '../recordings/spool.ts';
import { answerRequest, type RpcHandler } from '../sessions/rpc-server.ts';
import { HostClient, type PictureNews, type ToldEvent } from './host-client.ts';
import type { PictureListener, PictureMaker, PictureSize, PictureSource, PictureWatch } from './picture.ts';
import { SessionNews } from './session-news.ts';

export interface TerminalsOptions {
  device: string;
  stateDir: string;
  configFile: string;
  spool: RecordingSpool;
  /** `screen-control`, which is asked by the same verb. */
  screenControl: RpcHandler;
  onEvent(event: ToldEvent): void;
  log: Logger;
}

interface Watch {
  request: { source: PictureSource; size: PictureSize };
  listener: PictureListener;
}

export class Terminals implements LinkUser, PictureMaker {
  #options: TerminalsOptions;
  #host: HostClient;
  #connection: NatsConnection | undefined;
  #subscriptions: Subscription[] = [];
  #watches = new Map<number, Watch>();
  #nextWatch = 1;
  #news = new SessionNews();

  constructor(options: TerminalsOptions) {
    this.#options = options;
    this.#host = new HostClient({
      stateDir: resolved(options.stateDir),
      configFile: options.configFile,
      log: options.log,
      onOut: (sid, message) => this.#publish(sid, message),
      onEvent: options.onEvent,
      onPicture: (news) => this.#showPicture(news),
      onConnected: () => {
        for (const [watch, { request }] of this.#watches) this.#host.say({ op: 'picture', watch, ...request });
      },
      onGone: () => this.#closeRecordings(),
    });
  }

  run(signal: AbortSignal): Promise<void> {
    return this.#host.run(signal);
  }

  attach(connection: NatsConnection): void {
    const { device, log } = this.#options;
    this.#connection = connection;
    const on = (subject: string, hear: (message: Msg, sid: string, uid: string) => void) =>
      connection.subscribe(subject, {
        callback: (error, message) => {
          const [, , sid = '', , uid = ''] = message?.subject.split('.') ?? [];
          if (!error) hear(message, sid, uid);
        },
      });
    for (const old of this.#subscriptions) old.unsubscribe();
    this.#subscriptions = [
      on(subjects.term.inOf(device), (message, sid, uid) => this.#host.input(sid, uid, message.data)),
      on(subjects.term.ackOf(device), (message, sid, uid) => this.#host.acknowledge(sid, uid, message.data)),
      on(subjects.term.rpcOf(device), (message, sid, uid) => {
        void answerRequest(message, uid, (caller, body) => this.#inSession(sid, caller.uid, body), log);
      }),
    ];
    // What was sent meanwhile is lost: viewers see where the stream stands, and ask for what they miss.
    this.#host.say({ op: 'tell' });
  }

  detach(): void {
    for (const one of this.#subscriptions) one.unsubscribe();
    this.#subscriptions = [];
    this.#connection = undefined;
  }

  /** The verb `term`. */
  list: RpcHandler = async (_caller, body) => {
    TermRequest.parse(body);
    return this.#host.connected ? this.#host.ask({ op: 'list' }) : { sessions: [] };
  };

  /** The verb `exec`. */
  execute: RpcHandler = async (caller, body) => {
    const { op } = (body ?? {}) as { op?: unknown };
    if (op === 'screen-control') return this.#options.screenControl(caller, body);
    if (op !== 'open' && !this.#host.connected) throw gone();
    return this.#host.ask({ op: 'exec', uid: caller.uid, body });
  };

  /** The verb `recording`: of terminals and of screens alike. */
  recordings: RpcHandler = async (_caller, body) => {
    const { spool } = this.#options;
    const request = RecordingRequest.parse(body);
    switch (request.op) {
      case 'list':
        return { recordings: await spool.list() };
      case 'read':
        return spool.read(request.id, request.offset);
      case 'delete':
        await spool.delete(request.id);
        return {};
    }
  };

  watchPicture({ source, ...size }: PictureSize & { source: PictureSource }, listener: PictureListener): PictureWatch {
    const id = this.#nextWatch++;
    const watch: Watch = { request: { source, size }, listener };
    this.#watches.set(id, watch);
    const say = (more: object = {}) => this.#host.say({ op: 'picture', watch: id, ...watch.request, ...more });
    if (this.#host.connected) say();
    else if (source.kind !== 'service') listener.onNothing('No terminal is open.');
    // A service's own terminal is opened by looking at it; the watch is said again once the host is there.
    else void this.#host.ask({ op: 'list' }).catch((error: Error) => listener.onNothing(error.message));
    return {
      resize: (next) => {
        watch.request = { source, size: next };
        say();
      },
      resync: () => say({ resync: true }),
      stop: () => {
        this.#watches.delete(id);
        this.#host.say({ op: 'picture', watch: id });
      },
    };
  }

  async #inSession(sid: string, uid: string, body: unknown): Promise<Record<string, unknown>> {
    if (!this.#host.connected) throw gone();
    return this.#host.ask({ op: 'term', sid, uid, body });
  }

  #publish(sid: string, message: Uint8Array): void {
    const { device } = this.#options;
    try {
      this.#connection?.publish(subjects.term.out(device, sid), message);
      if (this.#news.hear(sid, message)) this.#connection?.publish(subjects.term.news(device), message);
    } catch {
      // The connection is going: viewers ask again once it is back.
    }
  }

  #showPicture({ watch, picture, why }: PictureNews): void {
    const listener = this.#watches.get(watch)?.listener;
    if (picture) listener?.onPicture(picture);
    else if (why) listener?.onNothing(why);
  }

  async #closeRecordings(): Promise<void> {
    this.#news = new SessionNews();
    for (const { id } of await this.#options.spool.closeAbandoned('terminal'))
      this.#options.onEvent({ kind: 'recording-ready', message: `The recording ${id} was broken off and is ready.` });
  }
}

const gone = () => new StreamRefusal('not-found', 'This terminal is no longer there. Open a new one.');

function resolved(stateDir: string): string {
  try {
    return realpathSync(stateDir);
  } catch {
    return stateDir;
  }
}
