/** How the agent proves who it is. Every kind of identity has this one shape, so the connection never knows which it uses. */
import type { NatsConnection } from '@nats-io/transport-node';

export const CREDENTIAL_KINDS = ['creds', 'toml-shared', 'roadchain', 'oidc'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

export interface NatsCredential {
  jwt?: string;
  /** The nkey seed, as text bytes. It never leaves this process. */
  seed?: Uint8Array;
  user?: string;
  pass?: string;
  /** Every inbox of this connection starts with it. */
  inboxPrefix: string;
  /** When it ends, in milliseconds since 1970; infinity where it does not. */
  expiresAtMs: number;
  /** Where to connect, and whom to trust there (PEM), where the config does not say it. */
  servers?: readonly string[];
  ca?: string | undefined;
  /** By which the hub and a person tell this run of this agent from a copy of it. */
  holder?: string;
  /** Good for its status and its identity alone. */
  isContested?: boolean;
}

/** `why`: nothing new to be had, what was there stays. `refused`: the hub has said no, in a way that nobody else can. */
export type Refreshed = 'renewed' | 'unchanged' | { why: string } | { refused: string };

export interface CredentialSource {
  readonly kind: CredentialKind;
  /** Never blocks, never throws: the last good one, also when a refresh failed. */
  current(): NatsCredential | undefined;
  /** Never throws. */
  refresh(): Promise<Refreshed>;
  /** The hub has taken its word; absent where it says none. */
  isProved?(): boolean;
  /** NATS has not been reached for a while: it may be somewhere else by now. */
  unreachable?(): void;
  /** NATS has not let in what `current` gave. */
  rejected?(): void;
  /** Calls back when `refresh` has something new to say, so that nobody need wait for the next look. */
  onChange?(listener: () => void): void;
  /** What it says over the connection itself. */
  readonly speaker?: { attach(connection: NatsConnection): void; detach(): void };
}
