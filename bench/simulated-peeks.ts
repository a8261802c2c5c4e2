/** Pictures without a terminal behind them, in the agent's own format: a log that runs, a clock that ticks, colours in between. */
import type { Msg, NatsConnection } from '@nats-io/transport-node';
import {
  type Face,
  faceToken,
  type LogPeek,
  PEEK_LEASE_MS,
  PeekRequest,
  type PeekRun,
  type TerminalPeek,
} from '#contracts/peek.ts';
import { subjects } from '#contracts/subjects.ts';

const COLUMNS = 80;
const ROWS = 24;
const GREEN = 2;
const YELLOW = 3;
const BOLD = 1;
const DEFAULT = -1;

interface Lease {
  face: Face;
  fps: number;
  untilMs: number;
  whole: boolean;
}

export class SimulatedPeeks {
  readonly #device: string;
  readonly #connection: NatsConnection;
  readonly #leases = new Map<string, Lease>();
  readonly #lines: PeekRun[][] = Array.from({ length: ROWS }, (_, row) => line(row));
  #seq = 0;
  #count = ROWS;

  constructor(device: string, connection: NatsConnection) {
    this.#device = device;
    this.#connection = connection;
    connection.subscribe(subjects.rpcOf(device), { callback: (error, message) => (error ? undefined : this.#answer(message)) });
  }

  #answer(message: Msg): void {
    if (message.subject.split('.')[3] !== 'peek') return;
    const request = PeekRequest.parse(message.json());
    const looks = request.looks.map(({ face, fps, resync }) => {
      const token = faceToken(face);
      const known = this.#leases.get(token);
      const untilMs = Date.now() + PEEK_LEASE_MS;
      const available = face.kind === 'terminal' || face.kind === 'log';
      if (!available) return { token, available, why: 'A simulated device has no desktop.' };
      if (known) Object.assign(known, { fps, untilMs, whole: known.whole || resync === true });
      else {
        const lease = { face, fps, untilMs, whole: true };
        this.#leases.set(token, lease);
        this.#publish(token, lease);
      }
      return { token, available };
    });
    message.respond(JSON.stringify({ ok: true, looks }));
  }

  #publish(token: string, lease: Lease): void {
    if (Date.now() > lease.untilMs || this.#connection.isClosed()) {
      this.#leases.delete(token);
      return;
    }
    const picture = lease.face.kind === 'log' ? this.#log() : this.#terminal(lease.whole);
    lease.whole = false;
    this.#connection.publish(subjects.peek(this.#device, token), JSON.stringify(picture));
    setTimeout(() => this.#publish(token, lease), 1_000 / lease.fps);
  }

  #terminal(full: boolean): TerminalPeek {
    const added = line(this.#count++);
    this.#lines.splice(0, 1);
    this.#lines.push(added);
    return {
      kind: 'terminal',
      seq: ++this.#seq,
      full,
      at: Date.now(),
      cols: COLUMNS,
      rows: ROWS,
      cursor: { x: 0, y: ROWS - 1, visible: true },
      scroll: full ? 0 : 1,
      lines: full ? this.#lines.map((runs, row) => [row, runs]) : [[ROWS - 1, added]],
    };
  }

  #log(): LogPeek {
    const t = Date.now();
    this.#count += 1;
    const lines = Array.from({ length: 20 }, (_, index) => {
      const number = this.#count - 19 + index;
      return { t, o: 'out' as const, x: `${number % 7 === 0 ? 'WARN' : 'INFO'}  frame ${number} person 0.${number % 90}` };
    });
    return { kind: 'log', seq: ++this.#seq, at: t, lines };
  }
}

function line(number: number): PeekRun[] {
  const at = new Date().toISOString().slice(11, 23);
  return [
    [at, GREEN, DEFAULT, 0],
    [` frame ${number} `],
    [number % 5 === 0 ? 'person' : 'nobody', YELLOW, DEFAULT, BOLD],
    [` 0.${String(number % 100).padStart(2, '0')} ${'·'.repeat(number % 12)} queue ${number % 17}`],
  ];
}
