/** Credentials by an identity provider: its token is exchanged at the hub for a NATS user, which is kept on disk while it is good. */
import { join } from 'node:path';
import * as z from 'zod';
import { ExchangeAnswer } from '#contracts/api-identity.ts';
import { subjects } from '#contracts/subjects.ts';
import { fromBase64url, toBase64url } from '#roadchain/bytes.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import type { OidcConfig } from '../config/agent-config.ts';
import { readDurable, writeDurably } from '../durable-file.ts';
import type { CredentialSource, NatsCredential, Refreshed } from './credential-source.ts';
import { askHub } from './hub-client.ts';
import { readJwtLife } from './jwt-life.ts';
import { userPublicKey, userSeed } from './nkey-text.ts';
import { fetchProviderToken } from './provider-token.ts';

const SEED_BYTES = 32;
const RENEW_AT = 1 / 3;
const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

const Kept = z.object({ issuer: z.string(), clientId: z.string(), seed: z.string(), answer: ExchangeAnswer });
type Kept = z.infer<typeof Kept>;

export class OidcSource implements CredentialSource {
  readonly kind = 'oidc';
  readonly #config: OidcConfig;
  readonly #device: string;
  readonly #file: string;
  #kept: Kept | undefined;
  #isLoaded = false;
  #isRejected = false;
  #renewAtMs = 0;
  #next = { atMs: 0, backOffMs: FIRST_RETRY_MS, why: '' };

  constructor(config: OidcConfig, device: string, stateDir: string) {
    this.#config = config;
    this.#device = device;
    this.#file = join(stateDir, 'identity', 'oidc');
  }

  current(): NatsCredential | undefined {
    if (!this.#kept) return undefined;
    const { seed, answer } = this.#kept;
    return {
      jwt: answer.jwt,
      seed: userSeed(fromBase64url(seed)),
      inboxPrefix: subjects.inbox(this.#device),
      expiresAtMs: readJwtLife(answer.jwt)?.expiresAtMs ?? 0,
      servers: answer.nats.urls,
      ca: answer.nats.ca,
    };
  }

  rejected(): void {
    this.#isRejected = true;
  }

  async refresh(): Promise<Refreshed> {
    if (!this.#isLoaded) await this.#load();
    const isDue = !this.#kept || this.#isRejected || performance.now() >= this.#renewAtMs;
    if (!isDue) return 'unchanged';
    if (performance.now() < this.#next.atMs) return { why: this.#next.why };
    try {
      await this.#exchange();
      this.#isRejected = false;
      this.#next = { atMs: 0, backOffMs: FIRST_RETRY_MS, why: '' };
      return 'renewed';
    } catch (error) {
      const { backOffMs } = this.#next;
      const why = (error as Error).message;
      this.#next = { atMs: performance.now() + backOffMs, backOffMs: Math.min(backOffMs * 2, LAST_RETRY_MS), why };
      return { why };
    }
  }

  /** What was good before a restart is tried first: the provider may be away. */
  async #load(): Promise<void> {
    this.#isLoaded = true;
    const found = await readDurable(this.#file).catch(() => undefined);
    const kept = found && Kept.safeParse(parseJson(found.text)).data;
    const isOurs = kept?.issuer === this.#config.issuer && kept.clientId === this.#config.clientId;
    if (!kept || !isOurs || kept.answer.device !== this.#device) return;
    this.#kept = kept;
    this.#renewAtMs = renewalOf(kept.answer.jwt);
  }

  async #exchange(): Promise<void> {
    const token = await fetchProviderToken(this.#config);
    const seed = this.#kept ? fromBase64url(this.#kept.seed) : nodeCrypto.random(SEED_BYTES);
    const publicKey = userPublicKey(nodeCrypto.publicKey(seed));
    const { status, body } = await askHub(this.#config.hub, '/rc/exchange', { token, publicKey });
    const answer = ExchangeAnswer.safeParse(body).data;
    if (!answer) throw new Error(refusalOf(status, body));
    if (answer.device !== this.#device)
      throw new Error(
        `The identity provider calls this device ${answer.device}, and the config says ${this.#device}. Set device_id.`,
      );
    if (readJwtLife(answer.jwt)?.publicKey !== publicKey)
      throw new Error('The hub sent credentials for another key than the one of this device. They are not used.');
    const { issuer, clientId } = this.#config;
    const kept = { issuer, clientId, seed: toBase64url(seed), answer };
    await writeDurably(this.#file, JSON.stringify(kept));
    this.#kept = kept;
    this.#renewAtMs = renewalOf(answer.jwt);
  }
}

/** Counted from when it was read: a clock that is wrong moves it by a life at most. */
const renewalOf = (jwt: string): number => performance.now() + (readJwtLife(jwt)?.lifeMs ?? 0) * RENEW_AT;

function refusalOf(status: number, body: unknown): string {
  const { title, detail } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const words = [title, detail].filter((part) => typeof part === 'string').join(' ');
  return words || `The hub does not take the token of the identity provider (${status}).`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
