/** A device that has recordings, as the hub meets it: a real credential, the contract, and everything a bad one may do. */
import { randomBytes } from 'node:crypto';
import type { NatsConnection } from '@nats-io/nats-core';
import type { DeviceEvent } from '#contracts/event.ts';
import { RECORDING_PART_BYTES, type Recording, RecordingRequest } from '#contracts/recording.ts';
import { subjects } from '#contracts/subjects.ts';
import type { TestHub } from '../test-anchor.ts';
import { connectDevice } from '../test-fleet.ts';

export class TestRecorderDevice {
  readonly name: string;
  readonly spool = new Map<string, { recording: Recording; content: Buffer }>();
  /** Requests as they came, with who asked. */
  readonly asked: { uid: string; request: RecordingRequest }[] = [];
  /** Instead of the truth. */
  lie: ((request: RecordingRequest) => object | undefined) | undefined;
  readonly #connection: NatsConnection;

  static async add(hub: TestHub, name: string): Promise<TestRecorderDevice> {
    const { body } = await hub.first.call('POST', '/devices', { json: { name } });
    return new TestRecorderDevice(name, await connectDevice(hub, name, body.creds.content));
  }

  private constructor(name: string, connection: NatsConnection) {
    this.name = name;
    this.#connection = connection;
    connection.subscribe(subjects.rpcOf(name), {
      callback: (_, message) => {
        const [, , , verb, uid] = message.subject.split('.');
        if (verb !== 'recording') return;
        const request = RecordingRequest.parse(message.json());
        this.asked.push({ uid: uid!, request });
        message.respond(JSON.stringify(this.lie?.(request) ?? this.#answer(request)));
      },
    });
  }

  record(content: Buffer, more: Partial<Recording> = {}): Recording {
    const recording: Recording = {
      id: randomBytes(12).toString('hex'),
      device: this.name,
      kind: 'terminal',
      target: { kind: 'host' },
      startedAt: '2026-01-01T10:00:00.000Z',
      endedAt: '2026-01-01T10:05:00.000Z',
      bytes: content.length,
      people: [{ name: 'sam', from: '2026-01-01T10:00:00.000Z', to: '2026-01-01T10:05:00.000Z' }],
      truncated: false,
      ...more,
    };
    this.spool.set(recording.id, { recording, content });
    return recording;
  }

  async sayReady(): Promise<void> {
    const event: DeviceEvent = {
      device: this.name,
      at: new Date().toISOString(),
      kind: 'recording-ready',
      message: 'A recording is ready.',
    };
    this.#connection.publish(subjects.event(this.name), JSON.stringify(event));
    await this.#connection.flush();
  }

  close = () => this.#connection.close();

  #answer(request: RecordingRequest): object {
    if (request.op === 'list') return { ok: true, recordings: [...this.spool.values()].map(({ recording }) => recording) };
    const found = this.spool.get(request.id);
    if (!found) return { ok: false, code: 'not-found', message: 'There is no such recording.' };
    if (request.op === 'delete') {
      this.spool.delete(request.id);
      return { ok: true };
    }
    const part = found.content.subarray(request.offset, request.offset + RECORDING_PART_BYTES);
    return { ok: true, data: part.toString('base64'), end: request.offset + part.length >= found.content.length };
  }
}
