/** A viewer of a screen over real NATS, as the page is one: frames by the reader, a VNC client on top, requests on `.ctl`. */
import { randomBytes } from 'node:crypto';
import { decodeFrame } from '#contracts/stream/frame.ts';
import { StreamReader } from '#contracts/stream/reader.ts';
import { CTL_RFB, type ScreenAnswer, type ScreenState } from '#contracts/stream/screen.ts';
import type { StreamClosed, StreamControl } from '#contracts/stream/session.ts';
import type { ExecAnswer } from '#contracts/stream/terminal.ts';
import { subjects } from '#contracts/subjects.ts';
import type { TestPerson } from '../../test-person.ts';
import { RfbClient, type RfbStream } from './rfb-client.ts';

export class TestViewer {
  readonly sid = randomBytes(8).toString('hex');
  readonly states: ScreenState[] = [];
  closed: StreamClosed | undefined;
  receivedBytes = 0;
  /** False: nothing is read any more and no credit is given, as by a page that hangs. */
  reading = true;
  readonly #person: TestPerson;
  readonly #device: string;
  readonly #reader = new StreamReader(performance.now());
  readonly #queue: Uint8Array[] = [];
  #wake: () => void = () => undefined;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(person: TestPerson, device: string) {
    this.#person = person;
    this.#device = device;
  }

  async open(deployment: string, service: string): Promise<ScreenAnswer> {
    const { connection, uid } = this.#person;
    connection.subscribe(subjects.screen.out(this.#device, uid, this.sid), {
      callback: (_error, message) => this.receive(message.data),
    });
    await connection.flush();
    this.#timer = setInterval(() => this.#say(), 20);
    return this.#person.ask<ScreenAnswer>(this.#device, 'screen', { sid: this.sid, deployment, service });
  }

  receive(data: Uint8Array): void {
    this.receivedBytes += data.length;
    const frame = decodeFrame(data);
    if (!frame || !this.reading) return;
    for (const output of this.#reader.receive(frame, performance.now())) {
      if (output.kind === 'state') this.states.push(output.value as ScreenState);
      if (output.kind === 'closed') this.closed = output.closed;
      if (output.kind === 'data') {
        this.#queue.push(output.bytes);
        this.#reader.consumed(output.offset);
      }
    }
    this.#wake();
  }

  /** The connection was lost for a while. */
  lost(): void {
    this.#reader.lost(performance.now());
  }

  /** A VNC client on this session; it asks on `.ctl`, as somebody who only watches. */
  client(): Promise<RfbClient> {
    return RfbClient.open(this.stream());
  }

  stream(): RfbStream {
    return { write: (bytes) => this.watch(bytes), [Symbol.asyncIterator]: () => this.#bytes() };
  }

  /** RFB bytes on `.ctl`. */
  watch(bytes: Uint8Array): void {
    this.#publish('ctl', Buffer.concat([Uint8Array.of(CTL_RFB), bytes]));
  }

  /** RFB bytes on `.in`. */
  drive(bytes: Uint8Array): void {
    this.#publish('in', bytes);
  }

  control(action: 'take' | 'keep' | 'give' | 'release'): Promise<ExecAnswer> {
    return this.#person.ask<ExecAnswer>(this.#device, 'exec', { op: 'screen-control', sid: this.sid, action });
  }

  say(control: StreamControl): void {
    this.#publish('ctl', new TextEncoder().encode(JSON.stringify(control)));
  }

  close(): void {
    clearInterval(this.#timer);
    this.say({ type: 'close' });
  }

  #say(): void {
    const control = this.reading ? this.#reader.say(performance.now()) : undefined;
    if (control) this.say(control);
  }

  #publish(what: 'ctl' | 'in', bytes: Uint8Array): void {
    this.#person.connection.publish(subjects.screen[what](this.#device, this.#person.uid, this.sid), bytes);
  }

  async *#bytes(): AsyncGenerator<Uint8Array> {
    for (;;) {
      const next = this.#queue.shift();
      if (next) yield next;
      else if (this.closed) return;
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
    }
  }
}

/** A key of the keyboard, down and up. */
export function keyPress(keysym: number): Uint8Array {
  const message = (down: number) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setUint8(0, 4);
    view.setUint8(1, down);
    view.setUint32(4, keysym);
    return new Uint8Array(view.buffer);
  };
  return Buffer.concat([message(1), message(0)]);
}
