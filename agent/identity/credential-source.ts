/** How the agent proves who it is. Every kind of identity has this one shape, so the connection never knows which it uses. */

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
}

export type Refreshed = 'renewed' | 'unchanged' | { why: string };

export interface CredentialSource {
  readonly kind: 'creds' | 'toml-shared';
  /** Never blocks, never throws: the last good one, also when a refresh failed. */
  current(): NatsCredential | undefined;
  /** `why`, in words, where there is nothing new to be had; what was there stays. */
  refresh(): Promise<Refreshed>;
}
