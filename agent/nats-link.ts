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
import type { CredentialSource, NatsCredential } from './identity/credential-source.ts';
import type { Logger } from './log.ts';

const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 5_000;
const DIAL_TIMEOUT_MS = 5_000;
const CREDENTIAL_CHECK_MS = 10_000;

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
  log: Logger;
}

export class NatsLink {
  #options: NatsLinkOptions;
  #log: Logger;
  #attached = false;
  #lastComplaint = '';

  constructor(options: NatsLinkOptions) {
    this.#options = options;
    this.#log = options.log;
  }

  /** Until `signal` aborts. Nothing that NATS or the network does ends it earlier. */
  async run(signal: AbortSignal): Promise<void> {
    let retryMs = FIRST_RETRY_MS;
    while (!signal.aborted) {
      const connection = await this.#dial(signal);
      if (connection) {
        retryMs = FIRST_RETRY_MS;
        await this.#serve(connection, signal);
      }
      // Jitter, so that a fleet does not come back in one moment.
      await delay(retryMs * (0.5 + Math.random()), undefined, { signal }).catch(() => undefined);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    }
  }

  async #dial(signal: AbortSignal): Promise<NatsConnection | undefined> {
    const { credentials, urls, caFile, device } = this.#options;
    const refreshed = await credentials.refresh();
    const credential = credentials.current();
    if (!credential) {
      this.#complain(typeof refreshed === 'object' ? refreshed.why : 'There are no credentials.');
      return undefined;
    }
    const dialling = connect({
      servers: [...urls],
      name: `scorewall-agent ${device}`,
      // Any device may answer into any inbox: nobody can guess where this one waits for what it is to run.
      inboxPrefix: `${credential.inboxPrefix}.${randomBytes(16).toString('hex')}`,
      authenticator: authenticatorFor(credentials, credential),
      ...(caFile ? { tls: { caFile } } : {}),
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
      this.#complain(explain(error as Error, urls));
      return undefined;
    }
  }

  async #serve(connection: NatsConnection, signal: AbortSignal): Promise<void> {
    const close = () => void this.#leave(connection);
    signal.addEventListener('abort', close, { once: true });
    const checking = setInterval(() => void this.#checkCredentials(connection), CREDENTIAL_CHECK_MS);
    this.#attach(connection);
    try {
      for await (const status of connection.status()) this.#onStatus(connection, status);
      const cause = await connection.closed();
      if (cause && !signal.aborted) this.#complain(explain(cause, this.#options.urls));
    } finally {
      clearInterval(checking);
      signal.removeEventListener('abort', close);
      this.#detach();
    }
  }

  #onStatus(connection: NatsConnection, status: Status): void {
    if (status.type === 'reconnect') this.#attach(connection);
    else if (status.type === 'disconnect') this.#detach();
    else if (status.type === 'error') this.#complain(explain(status.error, this.#options.urls));
  }

  /** The library speaks of a disconnect after each failed attempt, and of a reconnect once for each of them. */
  #attach(connection: NatsConnection): void {
    if (this.#attached) return;
    this.#attached = true;
    this.#lastComplaint = '';
    this.#log.info({ server: connection.getServer() }, 'Connected to NATS.');
    for (const user of this.#options.users) user.attach(connection);
  }

  #detach(): void {
    if (!this.#attached) return;
    this.#attached = false;
    this.#log.info({}, 'The connection to NATS is gone. Containers keep running.');
    for (const user of this.#options.users) user.detach();
  }

  /** New credentials are used by connecting again: the server drops a connection when its JWT ends. */
  async #checkCredentials(connection: NatsConnection): Promise<void> {
    if ((await this.#options.credentials.refresh()) !== 'renewed') return;
    this.#log.info({}, 'New credentials: connecting again with them.');
    await connection.reconnect();
  }

  /** What was published last still leaves, if the server takes it within a second. */
  async #leave(connection: NatsConnection): Promise<void> {
    await Promise.race([connection.flush(), delay(1_000, undefined, { ref: false })]).catch(() => undefined);
    await connection.close();
  }

  /** The same reason once, not at every attempt. */
  #complain(reason: string): void {
    if (reason === this.#lastComplaint) return;
    this.#lastComplaint = reason;
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
      return `NATS at ${where} cannot be reached (${error.message}). Containers keep running; trying again.`;
  }
}

const whenAborted = (signal: AbortSignal) =>
  new Promise<undefined>((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
