/** All screen sessions of this device: opened by request, steered on `.ctl`, driven on `.in` by whoever has control. */
import type { Msg, NatsConnection, Subscription } from '@nats-io/transport-node';
import * as z from 'zod';
import { encodeFrame, FRAME_KIND } from '#contracts/stream/frame.ts';
import { CTL_RFB, ScreenRequest, type ScreenState } from '#contracts/stream/screen.ts';
import { SessionId, type StreamClosed, StreamControl, StreamRefusal, WINDOW_BYTES } from '#contracts/stream/session.ts';
import { isSessionId, subjects } from '#contracts/subjects.ts';
import { isUid, personOf } from '#contracts/uid.ts';
import type { Logger } from '../../log.ts';
import type { LinkUser } from '../../nats-link.ts';
import type { Caller, RpcHandler } from '../rpc-server.ts';
import type { SessionLimits } from '../session-limits.ts';
import { ScreenControl } from './screen-control.ts';
import type { ScreenDoor, ScreenTarget } from './screen-door.ts';
import { ScreenSession } from './screen-session.ts';

const ControlRequest = z.object({ sid: SessionId, action: z.enum(['take', 'keep', 'give', 'release']) });

export interface ScreenSessionsOptions {
  device: string;
  door: ScreenDoor;
  limits: SessionLimits;
  /** Somebody has control of a screen, or nobody any more. */
  onDriver?(target: ScreenTarget, uid: string | undefined): void;
  isRecording?(target: ScreenTarget): boolean;
  log: Logger;
}

/** What the sessions of one service share. */
interface Desk {
  target: ScreenTarget;
  sessions: Set<ScreenSession>;
  control: ScreenControl;
  driver: ScreenSession | undefined;
}

const OPENING = Symbol('opening');

export class ScreenSessions implements LinkUser {
  readonly #options: ScreenSessionsOptions;
  readonly #sessions = new Map<string, ScreenSession | typeof OPENING>();
  readonly #desks = new Map<string, Desk>();
  #connection: NatsConnection | undefined;
  #subscriptions: Subscription[] = [];

  constructor(options: ScreenSessionsOptions) {
    this.#options = options;
  }

  attach(connection: NatsConnection): void {
    this.detach();
    this.#connection = connection;
    const { device } = this.#options;
    const listen = (subject: string, hear: (session: ScreenSession, message: Msg) => void) =>
      connection.subscribe(subject, {
        callback: (error, message) => {
          if (error) return;
          const [, , uid, sid] = message.subject.split('.');
          const session = this.#sessions.get(keyOf(uid, sid));
          if (!session) this.#sayGone(uid, sid, message.data);
          else if (session !== OPENING) hear(session, message);
        },
      });
    this.#subscriptions = [
      listen(subjects.screen.ctlOf(device), (session, { data }) => this.#hearControl(session, data)),
      listen(subjects.screen.inOf(device), (session, { data }) => this.#hearInput(session, data)),
    ];
  }

  /** Sessions stay: a viewer that comes back in time goes on where it was. */
  detach(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
    this.#subscriptions = [];
    this.#connection = undefined;
  }

  /** The verb `screen`. */
  open: RpcHandler = async (caller, body) => {
    const { sid, ...target } = ScreenRequest.parse(body);
    const key = keyOf(caller.uid, sid);
    const known = this.#sessions.get(key);
    if (known === OPENING) throw new StreamRefusal('bad-request', 'This session is just being opened.');
    // The answer to an earlier request may have been lost.
    if (known && deskKey(known.target) === deskKey(target)) return { window: WINDOW_BYTES };
    if (known) throw new StreamRefusal('bad-request', 'This session shows another screen. Open a new one.');
    const release = this.#options.limits.admit(caller.person);
    this.#sessions.set(key, OPENING);
    try {
      await this.#begin(caller, sid, target, release);
    } catch (error) {
      this.#sessions.delete(key);
      release();
      throw error;
    }
    return { window: WINDOW_BYTES };
  };

  /** The operation `screen-control` of the verb `exec`. */
  control: RpcHandler = async (caller, body) => {
    const { sid, action } = ControlRequest.parse(body);
    const session = this.#sessions.get(keyOf(caller.uid, sid));
    if (!session || session === OPENING)
      throw new StreamRefusal('not-found', 'This screen session has ended. Open the screen again.');
    this.#deskOf(session.target).control.act(session, action);
    return { sid };
  };

  /** Who watches a screen now, and who drives it. */
  state(target: ScreenTarget): ScreenState {
    const desk = this.#desks.get(deskKey(target));
    return {
      ...desk?.control.state(),
      viewers: [...new Set([...(desk?.sessions ?? [])].map(({ uid }) => personOf(uid)))].sort(),
      recording: this.#options.isRecording?.(target) ?? false,
    };
  }

  /** Says the state again, after something beside control changed. */
  tell(target: ScreenTarget): void {
    const state = this.state(target);
    for (const session of this.#desks.get(deskKey(target))?.sessions ?? []) session.tell(state);
  }

  close(): void {
    for (const session of this.#sessions.values())
      if (session !== OPENING)
        session.close({ reason: 'agent-stops', message: 'The agent of this device stops. Its services keep running.' });
  }

  async #begin({ uid }: Caller, sid: string, target: ScreenTarget, release: () => void): Promise<void> {
    const { door, device, log } = this.#options;
    const socket = await door.open(target);
    const subject = subjects.screen.out(device, uid, sid);
    const session = new ScreenSession({
      uid,
      sid,
      target,
      socket,
      publish: (message) => this.#publish(subject, message),
      onClose: () => {
        release();
        this.#leave(session);
      },
    });
    this.#sessions.set(keyOf(uid, sid), session);
    this.#deskOf(target).sessions.add(session);
    log.info({ uid, ...target }, 'A screen is watched.');
    this.tell(target);
  }

  #publish(subject: string, message: Uint8Array): boolean {
    if (!this.#connection || this.#connection.isClosed()) return false;
    this.#connection.publish(subject, message);
    return true;
  }

  /** A viewer of a session from before this agent was started: it asks anew. Its parting word needs no answer. */
  #sayGone(uid = '', sid = '', data: Uint8Array): void {
    const said = readControl(data);
    if (!isUid(uid) || !isSessionId(sid) || said?.type === 'close') return;
    const closed: StreamClosed = {
      reason: 'gone',
      message: 'The device does not know this session any more. Open the screen again.',
    };
    const payload = new TextEncoder().encode(JSON.stringify(closed));
    const subject = subjects.screen.out(this.#options.device, uid, sid);
    this.#publish(subject, encodeFrame({ kind: FRAME_KIND.closed, endOffset: 0, payload }));
  }

  #hearControl(session: ScreenSession, data: Uint8Array): void {
    if (data[0] === CTL_RFB) {
      session.hearWatcher(data.subarray(1));
      return;
    }
    const control = readControl(data);
    if (!control) return;
    session.hear(control);
    // What was told meanwhile may be lost, and is not kept to be sent again.
    if (control.type === 'resume') session.tell(this.state(session.target));
  }

  #hearInput(session: ScreenSession, data: Uint8Array): void {
    if (this.#deskOf(session.target).control.isWriter(session)) session.hearDriver(data);
    // It may not know yet that control has passed on: its keys are dropped, its request for the next picture is not.
    else session.hearWatcher(data);
  }

  #deskOf(target: ScreenTarget): Desk {
    const key = deskKey(target);
    const known = this.#desks.get(key);
    if (known) return known;
    const desk: Desk = {
      target,
      sessions: new Set(),
      driver: undefined,
      control: new ScreenControl(() => this.#onControl(desk)),
    };
    this.#desks.set(key, desk);
    return desk;
  }

  #onControl(desk: Desk): void {
    const { writer } = desk.control;
    const driver = writer && [...desk.sessions].find(({ uid, sid }) => uid === writer.uid && sid === writer.sid);
    if (driver !== desk.driver) {
      desk.driver?.loseControl();
      desk.driver = driver;
      this.#options.onDriver?.(desk.target, driver?.uid);
    }
    this.tell(desk.target);
  }

  #leave(session: ScreenSession): void {
    this.#sessions.delete(keyOf(session.uid, session.sid));
    const desk = this.#deskOf(session.target);
    desk.sessions.delete(session);
    desk.control.leave(session);
    this.#onControl(desk);
    if (desk.sessions.size > 0) return;
    desk.control.close();
    this.#desks.delete(deskKey(desk.target));
  }
}

/** undefined: not a word of ours; a viewer that says nothing else is let go for its silence. */
function readControl(data: Uint8Array): StreamControl | undefined {
  try {
    return StreamControl.parse(JSON.parse(Buffer.from(data).toString('utf8')));
  } catch {
    return undefined;
  }
}

const keyOf = (uid: string | undefined, sid: string | undefined): string => `${uid}/${sid}`;
const deskKey = ({ deployment, service }: ScreenTarget): string => `${deployment}/${service}`;
