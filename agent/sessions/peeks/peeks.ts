/** The verb `peek`: who looks at which faces of this device, and for how long. Pictures are made only while somebody does. */
import { setTimeout as delay } from 'node:timers/promises';
import type { NatsConnection } from '@nats-io/transport-node';
import { type Face, faceToken, PeekRequest } from '#contracts/peek.ts';
import { subjects } from '#contracts/subjects.ts';
import type { LinkUser } from '../../nats-link.ts';
import type { RpcHandler } from '../rpc-server.ts';
import type { FaceMaker, PeekPace } from './peek-feed.ts';
import { PeekPublisher } from './peek-publisher.ts';

type DrawnFace = Exclude<Face, { kind: 'services' }>;
export type FaceMakers = { [K in DrawnFace['kind']]: FaceMaker<Extract<Face, { kind: K }>> };

export interface PeeksOptions {
  device: string;
  makers: FaceMakers;
}

type Look = PeekRequest['looks'][number];

const MOST_FACES = 16;
const SWEEP_MS = 500;
/** A first picture is there within this time, or the answer says only that one is to come. */
const FIRST_PICTURE_MS = 300;

export class Peeks implements LinkUser {
  readonly #options: PeeksOptions;
  readonly #publishers = new Map<string, PeekPublisher>();
  #connection: NatsConnection | undefined;
  #sweeping: ReturnType<typeof setInterval> | undefined;

  constructor(options: PeeksOptions) {
    this.#options = options;
  }

  attach(connection: NatsConnection): void {
    this.#connection = connection;
  }

  detach(): void {
    this.#connection = undefined;
  }

  peek: RpcHandler = async ({ uid }, body) => {
    const { looks } = PeekRequest.parse(body);
    const wanted = new Set(looks.map(({ face }) => faceToken(face)));
    // A request holds everything somebody looks at: what is not in it is out of sight.
    for (const [token, publisher] of this.#publishers)
      if (!wanted.has(token) && publisher.isLeasedTo(uid) && !publisher.drop(uid)) this.#end(token);
    return { looks: await Promise.all(looks.map((look) => this.#look(uid, look))) };
  };

  close(): void {
    for (const token of this.#publishers.keys()) this.#end(token);
  }

  async #look(uid: string, { face, fps, width, height, rows, resync = false }: Look) {
    const token = faceToken(face);
    if (face.kind === 'services') return { token, available: true };
    const maker = this.#maker(face);
    const why = maker.whyNot(face);
    let publisher = this.#publishers.get(token);
    if (why !== undefined) {
      if (publisher) this.#end(token);
      return { token, available: false, why };
    }
    const pace = { fps, width, height, rows };
    if (publisher) publisher.lease(uid, pace, resync);
    else {
      if (this.#publishers.size >= MOST_FACES)
        return { token, available: false, why: `This device draws ${MOST_FACES} small pictures already. Close one of them.` };
      publisher = this.#begin(maker, face, uid, pace);
      await Promise.race([publisher.settled, delay(FIRST_PICTURE_MS)]);
    }
    return { token, available: publisher.why === undefined, ...(publisher.why === undefined ? {} : { why: publisher.why }) };
  }

  /** One maker for each kind of face, so what goes in is what it takes. */
  #maker(face: DrawnFace): FaceMaker<DrawnFace> {
    return this.#options.makers[face.kind] as FaceMaker<DrawnFace>;
  }

  #begin(maker: FaceMaker<DrawnFace>, face: DrawnFace, uid: string, pace: PeekPace): PeekPublisher {
    const token = faceToken(face);
    const subject = subjects.peek(this.#options.device, token);
    const publisher = new PeekPublisher(
      {
        start: (first, sink) => maker.start(face, first, sink),
        publish: (bytes) => {
          if (!this.#connection || this.#connection.isClosed()) return undefined;
          this.#connection.publish(subject, bytes);
          return this.#connection.flush();
        },
      },
      uid,
      pace,
    );
    this.#publishers.set(token, publisher);
    this.#sweeping ??= setInterval(() => this.#sweep(), SWEEP_MS);
    return publisher;
  }

  #sweep(): void {
    for (const [token, publisher] of this.#publishers) if (!publisher.expire()) this.#end(token);
  }

  #end(token: string): void {
    this.#publishers.get(token)?.stop();
    this.#publishers.delete(token);
    if (this.#publishers.size > 0) return;
    clearInterval(this.#sweeping);
    this.#sweeping = undefined;
  }
}
