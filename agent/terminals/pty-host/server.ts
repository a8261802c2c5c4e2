/** The pty host's socket: one agent at a time asks and is told; whatever it sends, the sessions go on. */
import { createServer, type Server, type Socket } from 'node:net';
import * as z from 'zod';
import type { DeviceEvent } from '#contracts/event.ts';
import { decodeOffset } from '#contracts/stream/frame.ts';
import { SessionId, StreamRefusal } from '#contracts/stream/session.ts';
import { ExecRequest, TerminalRequest } from '#contracts/stream/terminal.ts';
import { Uid } from '#contracts/uid.ts';
import { decodeTagged, encodeJson, encodeTagged, HostFrameReader, TO_AGENT, TO_HOST } from '../host-frames.ts';
import { PictureSize, PictureSource } from '../picture.ts';
import type { Sessions } from './sessions.ts';

const HostRequest = z.discriminatedUnion('op', [
  z.object({ id: z.number().int(), op: z.literal('list') }),
  z.object({ id: z.number().int(), op: z.literal('exec'), uid: Uid, body: z.unknown() }),
  z.object({ id: z.number().int(), op: z.literal('term'), uid: Uid, sid: SessionId, body: z.unknown() }),
  z.object({ id: z.number().int(), op: z.literal('tell') }),
  z.object({
    id: z.number().int(),
    op: z.literal('picture'),
    watch: z.number().int(),
    source: PictureSource.optional(),
    size: PictureSize.optional(),
    resync: z.boolean().optional(),
  }),
]);

/** An agent that does not read loses output, never our memory; viewers see the gap and ask again. */
const UNSENT_OUT_BYTES = 4 * 1024 ** 2;
const UNSENT_MOST_BYTES = 32 * 1024 ** 2;
const EVENTS_KEPT = 100;

export interface PicturesOf {
  ask(
    watch: number,
    wanted: { source?: PictureSource | undefined; size?: PictureSize | undefined; resync?: boolean | undefined },
  ): void;
  stopAll(): void;
}

export class HostServer {
  readonly server: Server;
  #sessions: () => Sessions;
  #pictures: () => PicturesOf;
  #agent: Socket | undefined;
  #events: Buffer[] = [];
  /** When the last agent left. */
  aloneSinceMs = Date.now();

  constructor(parts: { sessions: () => Sessions; pictures: () => PicturesOf }) {
    this.#sessions = parts.sessions;
    this.#pictures = parts.pictures;
    this.server = createServer((socket) => this.#accept(socket));
  }

  get hasAgent(): boolean {
    return this.#agent !== undefined;
  }

  out = (sid: string, message: Uint8Array): void => {
    if (this.#agent && this.#agent.writableLength < UNSENT_OUT_BYTES)
      this.#agent.write(encodeTagged(TO_AGENT.out, [sid], message));
  };

  picture = (watch: number, value: object): boolean => {
    if (!this.#agent || this.#agent.writableLength > UNSENT_OUT_BYTES) return false;
    this.#send(encodeJson(TO_AGENT.picture, { watch, ...value }));
    return true;
  };

  tell = (event: Omit<DeviceEvent, 'device' | 'at'>): void => {
    const frame = encodeJson(TO_AGENT.event, event);
    if (this.#agent) this.#send(frame);
    else this.#events = [...this.#events, frame].slice(-EVENTS_KEPT);
  };

  close(): void {
    this.server.close();
    this.#agent?.destroy();
  }

  #accept(socket: Socket): void {
    this.#agent?.destroy();
    this.#agent = socket;
    const reader = new HostFrameReader((kind, payload) => this.#hear(socket, kind, payload));
    socket.on('data', (chunk) => {
      try {
        reader.push(chunk);
      } catch {
        socket.destroy();
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (this.#agent !== socket) return;
      this.#agent = undefined;
      this.aloneSinceMs = Date.now();
      this.#pictures().stopAll();
    });
    for (const frame of this.#events.splice(0)) this.#send(frame);
    this.#sessions().tellAll();
  }

  #hear(socket: Socket, kind: number, payload: Buffer): void {
    if (kind === TO_HOST.request) {
      void this.#answer(socket, payload);
      return;
    }
    const tagged = decodeTagged(payload, 2);
    const [sid = '', uid = ''] = tagged?.tags ?? [];
    const session = this.#sessions().find(sid);
    if (!tagged || !session) return;
    try {
      if (kind === TO_HOST.input) session.input(uid, Buffer.from(tagged.bytes));
      else if (kind === TO_HOST.ack) session.acknowledge(uid, decodeOffset(tagged.bytes) ?? 0);
    } catch (error) {
      // More viewers than a session takes: there is nobody to tell here.
      if (!(error instanceof StreamRefusal)) throw error;
    }
  }

  async #answer(socket: Socket, payload: Buffer): Promise<void> {
    let id = 0;
    let reply: Record<string, unknown>;
    try {
      const body: unknown = JSON.parse(payload.toString('utf8'));
      id = z.object({ id: z.number() }).parse(body).id;
      reply = { ok: true, ...(await this.#do(HostRequest.parse(body))) };
    } catch (error) {
      reply = refusalOf(error);
    }
    if (socket.destroyed) return;
    if (socket.writableLength > UNSENT_MOST_BYTES) socket.destroy();
    else socket.write(encodeJson(TO_AGENT.reply, { id, reply }));
  }

  async #do(request: z.infer<typeof HostRequest>): Promise<Record<string, unknown>> {
    const sessions = this.#sessions();
    switch (request.op) {
      case 'list':
        return { sessions: sessions.list() };
      case 'term':
        return sessions.get(request.sid).answer(request.uid, TerminalRequest.parse(request.body));
      case 'exec': {
        const wanted = ExecRequest.parse(request.body);
        if (wanted.op === 'screen-control') throw new StreamRefusal('bad-request', 'That is no terminal.');
        return sessions.execute(request.uid, wanted);
      }
      case 'tell':
        sessions.tellAll();
        return {};
      case 'picture':
        this.#pictures().ask(request.watch, request);
        return {};
    }
  }

  #send(frame: Buffer): void {
    const agent = this.#agent;
    if (!agent) return;
    if (agent.writableLength > UNSENT_MOST_BYTES) agent.destroy();
    else agent.write(frame);
  }
}

function refusalOf(error: unknown): Record<string, unknown> {
  if (error instanceof StreamRefusal) return { ok: false, code: error.code, message: error.message };
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return { ok: false, code: 'bad-request', message: 'The device did not understand the request. Reload the page.' };
  return {
    ok: false,
    code: 'internal',
    message: `Something failed on the device: ${error instanceof Error ? error.message : String(error)}. Try again.`,
  };
}
