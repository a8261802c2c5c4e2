/** The agent's one connection to NATS: made when it can be, kept for ever, given to its users only while it stands. */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  connect,
  jwtAuthenticator,
  type NatsConnection,
  type Status,
  usernamePasswordAuthenticator,
} from '@nats-io/transport-node';
import { connectionNameOf } from '#roadchain/holder.ts';
import type { CredentialSource, NatsCredential } from './identity/credential-source.ts';
import type { Logger } from './log.ts';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;
const DIAL_TIMEOUT_MS = 5_000;
const CREDENTIAL_CHECK_MS = 10_000;
const MOST_COMPLAINTS = 32;
const AWAY_MS = 30_000;
/** What the server says to whom it cuts; the client has no name for it. */
const REVOKED = /revoked/i;

/** Somebody who speaks over the connection. `attach` may be called again without a `detach`: after each reconnect. */
export interface LinkUser {
  attach(connection: NatsConnection): void;
  detach(): void;
}

export interface NatsLinkOptions {
  device: string;
  urls: readonly string[];
  caFile?: string | undefined;
  credentials: CredentialSource;
  users: readonly LinkUser[];
  /** Those that are left out, as if the connection were gone, while the credentials are for status and identity alone. */
  fullUsers?: readonly LinkUser[];
  /** Whoever cannot reach NATS for so long asks the hub where it is. */
  awayMs?: number | undefined;
  log: Logger;
}

export class NatsLink {
  #options: NatsLinkOptions;
  #log: Logger;
  /** The connection its users speak over; an older one may still be leaving. */
  #current: NatsConnection | undefined;
  #attached = false;
  /** undefined while it stands. */
  #awayFromMs: number | undefined = performance.now();
  #attachedUsers: readonly LinkUser[] = [];
  #complaints = new Set<string>();
  #wake: () => void = () => undefined;

  constructor(options: NatsLinkOptions) {
    this.#options = options;
    this.#log = options.log;
    options.credentials.onChange?.(() => this.#wake());
  }

  /** Until `signal` aborts. Nothing that NATS or the network does ends it earlier. */
  async run(signal: AbortSignal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      let connection = await this.#dial(signal);
      if (connection) retryMs = FIRST_RETRY_MS;
      while (connection) connection = await this.#serve(connection, signal);
      // Jitter, so that a fleet does not come back in one moment.
      await delay(retryMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  async #dial(signal: AbortSignal): Promise<NatsConnection | undefined> {
    const { credentials } = this.#options;
    this.#lookElsewhere();
    const refreshed = await credentials.refresh();
    const credential = credentials.current();
    if (typeof refreshed === 'object' && 'refused' in refreshed) this.#complain(refreshed.refused);
    else if (credential) return await this.#connect(credential, signal);
    else this.#complain(typeof refreshed === 'object' ? refreshed.why : 'There are no credentials.');
    return undefined;
  }

  async #connect(credential: NatsCredential, signal: AbortSignal): Promise<NatsConnection | undefined> {
    const { credentials, caFile, device } = this.#options;
    const urls = this.#urls(credential);
    const tls = caFile ? { caFile } : credential.ca ? { ca: credential.ca } : undefined;
    const dialling = connect({
      servers: [...urls],
      // The hub names the newest ones first.
      noRandomize: this.#options.urls.length === 0,
      name: credential.holder ? connectionNameOf(device, credential.holder) : `scorewall-agent ${device}`,
      // Any device may answer into any inbox: nobody can guess where this one waits for what it is to run.
      inboxPrefix: `${credential.inboxPrefix}.${randomBytes(16).toString('hex')}`,
      authenticator: authenticatorFor(credentials, credential),
      ...(tls ? { tls } : {}),
      timeout: DIAL_TIMEOUT_MS,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      reconnectJitter: 1_000,
      reconnectJitterTLS: 1_000,
      pingInterval: 20_000,
      // Without it the client closes for ever at the second refusal, for example of an expired JWT.
      ignoreAuthErrorAbort: true,
      noAsyncTraces: true,
    });
    try {
      const connection = await Promise.race([dialling, whenAborted(signal)]);
      if (!connection) void dialling.then((late) => late.close()).catch(() => undefined);
      return connection;
    } catch (error) {
      this.#fail(error as Error);
      return undefined;
    }
  }

  /** Until the connection ends; gives the one that takes its place where there are new credentials. */
  async #serve(connection: NatsConnection, signal: AbortSignal): Promise<NatsConnection | undefined> {
    const close = () => void this.#leave(connection);
    signal.addEventListener('abort', close, { once: true });
    this.#current = connection;
    this.#attach(connection);
    try {
      return await Promise.race([this.#watch(connection, signal), this.#replace(connection, signal)]);
    } finally {
      signal.removeEventListener('abort', close);
      this.#current = undefined;
      this.#wake();
      this.#detach();
      if (!connection.isClosed()) void this.#leave(connection);
    }
  }

  /** The server drops a connection when its JWT ends, so the next one stands before: what is on its way is not lost. */
  async #replace(connection: NatsConnection, signal: AbortSignal): Promise<NatsConnection | undefined> {
    let isOld = false;
    const servers = this.#urls(this.#options.credentials.current()).join(' ');
    while (this.#current === connection) {
      this.#lookElsewhere();
      const refreshed = await this.#options.credentials.refresh();
      isOld ||= refreshed === 'renewed';
      const refused = typeof refreshed === 'object' && 'refused' in refreshed ? refreshed.refused : undefined;
      if (typeof refreshed === 'object' && 'why' in refreshed && !this.#attached) this.#complain(refreshed.why);
      if (refused && !this.#attached) {
        this.#complain(refused);
        void connection.close();
      }
      const credential = this.#options.credentials.current();
      // A connection that is away takes the new ones by itself when it comes back, but never comes back to another address.
      const isElsewhere = this.#urls(credential).join(' ') !== servers;
      if (isOld && (this.#attached || isElsewhere) && credential) {
        this.#log.info({}, 'New credentials: connecting again with them.');
        const next = await this.#connect(credential, signal);
        if (next && this.#current === connection) return next;
        await next?.close();
      }
      await this.#pause();
    }
    return undefined;
  }

  /** Whoever is away for long asks for new credentials, and hears where NATS is by now. */
  #lookElsewhere(): void {
    const { awayMs = AWAY_MS, credentials } = this.#options;
    if (this.#awayFromMs === undefined || performance.now() - this.#awayFromMs < awayMs) return;
    credentials.unreachable?.();
    this.#awayFromMs = performance.now();
  }

  /** Until somebody calls, or the next look at the credentials is due; never shorter than between two attempts. */
  async #pause(): Promise<void> {
    const called = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const pausing = new AbortController();
    await delay(FIRST_RETRY_MS);
    await Promise.race([called, delay(CREDENTIAL_CHECK_MS, undefined, { signal: pausing.signal }).catch(() => undefined)]);
    pausing.abort();
  }

  async #watch(connection: NatsConnection, signal: AbortSignal): Promise<undefined> {
    for await (const status of connection.status()) if (this.#current === connection) this.#onStatus(connection, status);
    const cause = await connection.closed();
    if (cause && !signal.aborted) this.#fail(cause);
  }

  #onStatus(connection: NatsConnection, status: Status): void {
    if (status.type === 'reconnect') this.#attach(connection);
    else if (status.type === 'disconnect') this.#detach();
    else if (status.type === 'error') this.#fail(status.error);
  }

  /** The library speaks of a disconnect after each failed attempt, and of a reconnect once for each of them. */
  #attach(connection: NatsConnection): void {
    if (this.#attached) return;
    this.#attached = true;
    this.#awayFromMs = undefined;
    this.#complaints.clear();
    this.#log.info({ server: connection.getServer() }, 'Connected to NATS.');
    const { credentials, users, fullUsers = [] } = this.#options;
    this.#attachedUsers = credentials.current()?.isContested ? users : [...users, ...fullUsers];
    for (const user of this.#attachedUsers) user.attach(connection);
  }

  #detach(): void {
    if (!this.#attached) return;
    this.#attached = false;
    this.#awayFromMs = performance.now();
    this.#log.info({}, 'The connection to NATS is gone. Containers keep running.');
    for (const user of this.#attachedUsers) user.detach();
  }

  #fail(error: Error): void {
    const credential = this.#options.credentials.current();
    // What somebody had asked for before is not allowed for a while, and that was said.
    if (error.name === 'PermissionViolationError' && credential?.isContested) return;
    this.#complain(explain(error, this.#urls(credential)));
    if (!isRefusal(error)) return;
    this.#options.credentials.rejected?.();
    this.#wake();
  }

  #urls(credential: NatsCredential | undefined): readonly string[] {
    return this.#options.urls.length > 0 ? this.#options.urls : (credential?.servers ?? []);
  }

  /** What was published last still leaves, if the server takes it within a second. */
  async #leave(connection: NatsConnection): Promise<void> {
    await Promise.race([connection.flush(), delay(1_000, undefined, { ref: false })]).catch(() => undefined);
    await connection.close();
  }

  /** The same reason once an outage, not at every attempt. */
  #complain(reason: string): void {
    if (this.#complaints.has(reason) || this.#complaints.size >= MOST_COMPLAINTS) return;
    this.#complaints.add(reason);
    this.#log.warn({}, reason);
  }
}

function authenticatorFor(source: CredentialSource, first: NatsCredential) {
  // Functions, so that each reconnect uses the newest.
  const newest = () => source.current() ?? first;
  return first.jwt
    ? jwtAuthenticator(
        () => newest().jwt ?? '',
        () => newest().seed ?? new Uint8Array(),
      )
    : usernamePasswordAuthenticator(
        () => newest().user ?? '',
        () => newest().pass ?? '',
      );
}

const isRefusal = ({ name, message }: Error): boolean =>
  name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError' || REVOKED.test(message);

function explain(error: Error, urls: readonly string[]): string {
  const where = urls.join(', ');
  switch (error.name) {
    case 'AuthorizationError':
      return `NATS at ${where} refuses this device. Its containers keep running. Was it removed, or given new credentials?`;
    case 'UserAuthenticationExpiredError':
      return `The credentials for NATS at ${where} have expired. Containers keep running. Make new ones on the hub.`;
    case 'PermissionViolationError':
      return `NATS does not allow this device something it needs (${error.message}). Do the credentials belong to this device?`;
    default:
      if (REVOKED.test(error.message))
        return `NATS at ${where} takes the credentials of this device no longer. Its containers keep running; it asks the hub why.`;
      return `NATS at ${where} cannot be reached (${error.message}). Containers keep running; trying again.`;
  }
}

const whenAborted = (signal: AbortSignal) =>
  new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
