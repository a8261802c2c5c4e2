/** A device for tests of the hub: the real machine of the protocol, with a disk in memory, over real NATS and HTTP. */
import type { NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { subjects } from '#contracts/subjects.ts';
import { headOf, readBody } from '#roadchain/chain.ts';
import { checkOrder, type Event, type Machine, type Step, startMachine, step } from '#roadchain/device-chain.ts';
import { type DeviceState, enrolRequest, keyOf, newDeviceState, takeEnrolled } from '#roadchain/device-state.ts';
import { connectionNameOf, holderOf } from '#roadchain/holder.ts';
import { parseJoinToken } from '#roadchain/join-token.ts';
import { DownMessage, type EnrolAnswer, type UpAnswer, type UpRequest } from '#roadchain/messages.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { readJwt } from '#server/nats/jwt.ts';

export interface TestDeviceOptions {
  /** Where the hub answers over HTTP. */
  hubUrl: string;
  /** The first of several that answers. */
  natsUrl: string | string[];
  tickMs?: number;
}

const AGENT = 'test 1.0';

export async function postToHub(hubUrl: string, path: string, body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${hubUrl}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json().catch(() => undefined) };
}

export class TestDevice {
  readonly options: TestDeviceOptions;
  /** Its disk. */
  state: DeviceState;
  jwt = '';
  nc: NatsConnection | undefined;
  /** Every answer it heard, newest last. */
  readonly heard: UpAnswer[] = [];
  #machine: Machine;
  #ticking: NodeJS.Timeout | undefined;
  #waiting = new Set<NodeJS.Timeout>();
  #work: Promise<unknown> = Promise.resolve();
  #stopped = false;

  constructor(options: TestDeviceOptions, state: DeviceState) {
    this.options = options;
    this.state = state;
    this.#machine = startMachine(nodeCrypto, state);
  }

  /** As a device that was given this text and calls itself `hostname`. */
  static fresh(options: TestDeviceOptions, text: string, hostname = 'octavia'): { device: TestDevice; secret: string } {
    const { token, secret } = parseJoinToken(text)!;
    const state = newDeviceState(nodeCrypto, { token, dev: token.name ?? hostname, agent: AGENT, nowMs: Date.now(), builtMs: 0 });
    return { device: new TestDevice(options, state), secret };
  }

  /** Joins, with as many first links as the hub asks for. */
  static async join(options: TestDeviceOptions, text: string, hostname?: string): Promise<TestDevice> {
    let { device, secret } = TestDevice.fresh(options, text, hostname);
    const answer = await device.enrol(secret);
    if (answer.state === 'again') {
      ({ device, secret } = TestDevice.fresh(options, text, answer.device));
      await device.enrol(secret);
    }
    if (!device.state.committed) throw new Error(`It did not join: ${JSON.stringify(answer)}`);
    return device;
  }

  get name(): string {
    return this.state.dev;
  }
  get session(): string {
    return this.#machine.session;
  }
  /** How the hub and a person tell it from a copy. */
  get holder(): string {
    return holderOf(nodeCrypto, this.session);
  }
  get head(): string {
    return headOf(nodeCrypto, this.state.committed!.link);
  }
  get epoch(): number {
    return readBody(this.state.committed!.link).epoch;
  }
  get expiresAtMs(): number {
    return readJwt(this.jwt).exp! * 1000;
  }

  /** Throws with the problem of the hub. */
  async enrol(secret: string, facts: Record<string, string> = { arch: 'arm64' }): Promise<EnrolAnswer> {
    const request = { ...enrolRequest(nodeCrypto, this.state, secret)!, facts };
    const { status, body } = await postToHub(this.options.hubUrl, '/rc/enrol', request);
    if (status !== 200) throw new Error(`${status} ${(body as { title?: string })?.title}`);
    const answer = body as EnrolAnswer;
    if (answer.state !== 'enrolled') return answer;
    const enrolled = takeEnrolled(nodeCrypto, this.state, answer);
    if (!enrolled) throw new Error('What answered is not the anchor of the token.');
    this.state = enrolled;
    this.jwt = answer.jwt;
    this.#machine = startMachine(nodeCrypto, enrolled);
    return answer;
  }

  /** The same disk in another device, with an agent that starts anew. */
  copy(): TestDevice {
    const copy = new TestDevice(this.options, structuredClone(this.state));
    copy.jwt = this.jwt;
    return copy;
  }

  /** A connection with the key and the JWT it has. */
  connect(servers = this.options.natsUrl): Promise<NatsConnection> {
    const key = keyOf(nodeCrypto, this.state.committed!);
    const { jwt, name } = this;
    return connect({
      servers,
      noRandomize: true,
      name: connectionNameOf(name, this.holder),
      inboxPrefix: subjects.inbox(name),
      reconnect: false,
      authenticator: (nonce?: string) => ({
        jwt,
        nkey: '',
        sig: Buffer.from(nodeCrypto.sign(key, Buffer.from(nonce ?? ''))).toString('base64url'),
      }),
    });
  }

  /** Says hello over NATS, and goes on from there by itself. */
  async start(): Promise<void> {
    await this.reconnect();
    this.#ticking = setInterval(() => {
      if (!this.nc?.isClosed()) this.#event({ kind: 'tick-due' });
    }, this.options.tickMs ?? 200);
  }

  /** After its connection was lost. */
  async reconnect(): Promise<void> {
    this.nc = await this.connect();
    this.#listen(this.nc);
    this.#event({ kind: 'connected' });
  }

  /** One request over HTTP, as a device without credentials. */
  async ask(request: UpRequest): Promise<UpAnswer> {
    const { body } = await postToHub(this.options.hubUrl, '/rc/continue', { dev: this.name, ...request });
    return body as UpAnswer;
  }

  /** One request over NATS, past the machine. */
  async request(request: UpRequest): Promise<UpAnswer> {
    return (await this.nc!.request(subjects.rc.up(this.name), JSON.stringify(request), { timeout: 10_000 })).json<UpAnswer>();
  }

  get phase(): Machine['phase'] {
    return this.#machine.phase;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#ticking);
    for (const timer of this.#waiting) clearTimeout(timer);
    await this.#work.catch(() => {});
    await this.nc?.close();
  }

  #listen(nc: NatsConnection): void {
    // Cut: it comes back over HTTP.
    void nc.closed().then(() => this.nc === nc && this.#event({ kind: 'connected' }));
    nc.subscribe(subjects.rc.down(this.name), {
      callback: (error, message) => {
        // Others can have the storage say something here: only what the anchor signed is heard.
        const said = error ? undefined : DownMessage.safeParse(parse(message.string())).data;
        if (said?.op === 'rotate' && checkOrder(nodeCrypto, this.state, said)) this.#event({ kind: 'order', order: said });
      },
    });
  }

  /** One after the other, each with what it leads to. */
  #event(event: Event): void {
    this.#work = this.#work.then(() => this.#take(event)).catch(() => {});
  }

  async #take(event: Event): Promise<void> {
    if (this.#stopped) return;
    await this.#perform(step({ crypto: nodeCrypto, agent: AGENT, clockMs: Date.now() }, this.#machine, event));
  }

  async #perform({ machine, persist, act }: Step): Promise<void> {
    this.#machine = machine;
    if (persist) this.state = persist;
    for (const one of act) {
      if (one.kind === 'send') await this.#send(one.request);
      if (one.kind === 'settle') this.#later(one.ms, () => this.#event({ kind: 'settled', read: this.state }));
      if (one.kind === 'retry') this.#later(Math.min(one.ms, 500), () => this.#event({ kind: 'connected' }));
      if (one.kind === 'use-jwt') await this.#use(one.jwt);
    }
  }

  async #send(request: UpRequest): Promise<void> {
    try {
      const answer = await (this.nc && !this.nc.isClosed() ? this.request(request) : this.ask(request));
      this.heard.push(answer);
      this.#event({ kind: 'answer', answer });
    } catch {
      this.#later(200, () => this.#event({ kind: 'connected' }));
    }
  }

  /** The new connection first, then the old one is left. */
  async #use(jwt: string): Promise<void> {
    const before = this.jwt === '' ? undefined : kindOf(this.jwt);
    this.jwt = jwt;
    if (kindOf(jwt) === before && this.nc && !this.nc.isClosed()) return;
    const old = this.nc;
    this.nc = await this.connect().catch((error: unknown) => {
      this.#later(500, () => this.#event({ kind: 'connected' }));
      throw error;
    });
    this.#listen(this.nc);
    await old?.close();
  }

  #later(ms: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#waiting.delete(timer);
      work();
    }, ms);
    this.#waiting.add(timer);
  }
}

/** Whose it is, and whether it is for all that a device does. */
function kindOf(jwt: string): string {
  const { sub, nats } = readJwt(jwt);
  return `${sub} ${nats.tags ?? ''}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
