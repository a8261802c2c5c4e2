/**
 * Keeps an account on the server as it should be: which keys are refused, and by whom it was signed. Whoever has the system user's key
 * could push an older account, and so let a refused key in again; this notices and pushes the right one. Invariants:
 * - a key that was refused here stays refused until nothing that was signed for it can still live;
 * - keys refused at the same time share one push; a push carries every key known here, and those of the server.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { NatsConnection } from '@nats-io/nats-core';
import { fromPublic } from '@nats-io/nkeys';
import type { Logger } from 'pino';
import { kickUser, lookUpAccount, NO_OPERATOR_KEY, NO_SYSTEM_USER, pushAccount, type RevocationResult } from './account.ts';
import type { Revocations } from './account-claims.ts';
import { encodeJwt, type JwtPayload, readJwt } from './jwt.ts';
import type { Nkey } from './nkey.ts';

/** A key that is refused. */
export interface RefusedKey {
  publicKey: string;
  /** Second since 1970: what was signed for it until then is refused. */
  at: number;
  /** Nothing that was signed for it lives longer; absent: for ever. */
  untilMs?: number | undefined;
}
/** Where refused keys outlive the process. */
export interface RefusedKeys {
  list(): Promise<RefusedKey[]>;
  put(key: RefusedKey): Promise<void>;
  delete(publicKey: string): Promise<void>;
}

export interface AccountGuardOptions {
  /** Public key of the account of devices and browsers. */
  account: string;
  sys: NatsConnection | undefined;
  operatorSigning: Nkey | undefined;
  /** What the account says, where it is ours to say; absent: what the server says is taken, if it was signed well. */
  encode?: ((revocations: Revocations) => string) | undefined;
  keys: RefusedKeys;
  /** Somebody else changed the account, and it was put right. */
  onRestored(what: string): void;
  log: Logger;
}

/** NATS takes an account of at most a message: about 11,000 keys. */
const MANY = 2_000;
/** Clocks of servers differ. */
const PRUNE_MARGIN_MS = 120_000;

export class AccountGuard {
  readonly #options: AccountGuardOptions;
  readonly #refused = new Map<string, RefusedKey>();
  /** Who may sign the account, beside us: whoever had signed it when we came. */
  readonly #signers = new Set<string>();
  /** What the account says beside its refused keys, where it is not ours to say. */
  #body: Record<string, unknown> | undefined;
  #pushing: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(options: AccountGuardOptions) {
    this.#options = options;
    if (options.operatorSigning) this.#signers.add(options.operatorSigning.publicKey);
  }

  /** Refuses the key from now on and cuts its connections. `untilMs`: nothing that was signed for it lives longer. */
  async refuse(publicKey: string, { untilMs, cut = true }: { untilMs?: number; cut?: boolean } = {}): Promise<RevocationResult> {
    const { account, sys, operatorSigning, keys } = this.#options;
    if (!sys) return { revoked: false, kicked: 0, off: [NO_SYSTEM_USER] };
    if (operatorSigning) {
      // Later than the time before, so that credentials which were made to count after that one end with this one.
      const at = Math.max(Math.floor(Date.now() / 1000), (this.refusedAt(publicKey) ?? 0) + 1);
      const refused = { publicKey, at, untilMs };
      this.#refused.set(publicKey, refused);
      // Kept before it is pushed: an anchor that ends in between would forget it.
      await keys.put(refused);
      await this.#push();
    }
    // The server cuts a revoked user itself; the kick is for servers of a cluster that learn of it later.
    const kicked = cut ? await kickUser(sys, account, publicKey) : 0;
    return { revoked: operatorSigning !== undefined, kicked, off: operatorSigning ? [] : [NO_OPERATOR_KEY] };
  }

  /** The first half of `refuse`, while storage may still be choosing who leads it: the server cuts these keys, and nothing is kept. */
  async cutAtOnce(publicKeys: readonly string[], untilMs: number | undefined): Promise<void> {
    const { sys, operatorSigning } = this.#options;
    if (!sys || !operatorSigning) return;
    const nowSeconds = Math.floor(Date.now() / 1000);
    for (const publicKey of publicKeys) {
      const at = Math.max(nowSeconds, (this.#refused.get(publicKey)?.at ?? 0) + 1);
      this.#refused.set(publicKey, { publicKey, at, untilMs });
    }
    await this.#push();
  }

  isRefused(publicKey: string): boolean {
    return this.#refused.has(publicKey);
  }

  /** Second up to which what was signed for this key is refused; undefined: it is not refused. */
  refusedAt(publicKey: string): number | undefined {
    return this.#refused.get(publicKey)?.at;
  }

  /** Somebody connected by a refused key: a server that was away has not heard of it, and hears it now. */
  async insist(publicKey: string): Promise<void> {
    const { sys, operatorSigning, log } = this.#options;
    if (!sys || !operatorSigning || !this.isRefused(publicKey)) return;
    await this.#push().catch((error: unknown) =>
      log.warn({ err: error, publicKey }, 'a server may let a refused key in until it hears of it from the others'),
    );
  }

  /** Looks every `everyMs` whether the account is as it should be, until `signal` aborts. */
  async watch(everyMs: number, signal: AbortSignal): Promise<void> {
    const { sys, operatorSigning, log } = this.#options;
    if (!sys || !operatorSigning) return;
    while (!signal.aborted) {
      await this.check().catch((error: unknown) =>
        log.warn({ err: error }, 'the account on NATS cannot be looked at; trying again'),
      );
      await sleep(everyMs, undefined, { signal }).catch(() => {});
    }
  }

  /** True: it was not as it should be, and was put right. */
  async check(): Promise<boolean> {
    const { sys, account, onRestored, log } = this.#options;
    await this.#learn();
    const wrong = this.#flawOf(await lookUpAccount(sys!, account).catch(() => undefined));
    if (wrong === undefined) return false;
    await this.#push();
    log.error({ account, wrong }, 'the account on NATS was changed by somebody else; it was put right');
    onRestored(wrong);
    return true;
  }

  /** What other anchors refused; and what has ended is taken out, of the account first. */
  async #learn(): Promise<void> {
    const { keys, log } = this.#options;
    for (const key of await keys.list()) this.#refused.set(key.publicKey, key);
    const ended = [...this.#refused.values()].filter(hasEnded);
    if (ended.length > 0) {
      await this.#push();
      for (const { publicKey } of ended) {
        await keys.delete(publicKey);
        this.#refused.delete(publicKey);
      }
    }
    if (this.#refused.size > MANY)
      log.warn(
        { keys: this.#refused.size },
        'very many keys are refused; NATS takes some 11,000. Shorter lives of credentials mean fewer',
      );
  }

  /** In words; undefined: nothing is wrong. The first account seen is believed where it is not ours to say. */
  #flawOf(jwt: string | undefined): string | undefined {
    if (jwt === undefined) return 'it was gone';
    const { iss, nats } = readJwt(jwt);
    const { revocations, ...body } = nats;
    if (this.#signers.size <= 1 && !this.#options.encode && !this.#body) this.#signers.add(iss);
    if (!this.#signers.has(iss) || !isSignedBy(jwt, iss)) return 'somebody else had signed it';
    const missing = [...this.#refused.values()].filter(
      ({ publicKey, at }) => ((revocations as Revocations)?.[publicKey] ?? 0) < at,
    );
    if (missing.length > 0) return `${missing.length} refused keys were let in again`;
    if (this.#options.encode && !isDeepStrictEqual(body, this.#wanted({}).nats)) return 'it said something else';
    this.#body = body;
    return undefined;
  }

  /** One at a time, and one more for all that came meanwhile. */
  #push(): Promise<void> {
    if (!this.#pushing) {
      this.#pushing = this.#pushOnce().finally(() => {
        this.#pushing = undefined;
      });
      return this.#pushing;
    }
    this.#next ??= this.#pushing
      .catch(() => {})
      .then(() => {
        this.#next = undefined;
        return this.#push();
      });
    return this.#next;
  }

  async #pushOnce(): Promise<void> {
    const { sys, account, operatorSigning, encode } = this.#options;
    const jwt = await lookUpAccount(sys!, account).catch(() => undefined);
    const there = jwt === undefined ? undefined : readJwt(jwt);
    const trusted = there !== undefined && (this.#signers.has(there.iss) || (!encode && !this.#body));
    const revocations: Revocations = {};
    for (const [key, at] of Object.entries((trusted ? there.nats.revocations : undefined) ?? {}) as [string, number][])
      if (!this.#refused.has(key)) await this.#adopt(key, at);
    for (const key of this.#refused.values()) if (!hasEnded(key)) revocations[key.publicKey] = key.at;
    if (encode) return pushAccount(sys!, encode(revocations));
    const { revocations: _theirs, ...nats } = trusted ? there.nats : (this.#body ?? {});
    const name = there?.name ?? '';
    await pushAccount(sys!, encodeJwt({ sub: account, name, nats: { ...nats, revocations, type: 'account' } }, operatorSigning!));
  }

  /** Refused before this anchor kept book, or by somebody else: for as long as they say. */
  async #adopt(publicKey: string, at: number): Promise<void> {
    const key = { publicKey, at };
    this.#refused.set(publicKey, key);
    await this.#options.keys.put(key);
  }

  #wanted(revocations: Revocations): JwtPayload {
    return withoutRevocations(readJwt(this.#options.encode!(revocations)));
  }
}

const hasEnded = ({ untilMs }: RefusedKey): boolean => untilMs !== undefined && untilMs + PRUNE_MARGIN_MS < Date.now();

function withoutRevocations(payload: JwtPayload): JwtPayload {
  const { revocations: _gone, ...nats } = payload.nats;
  return { ...payload, nats };
}

function isSignedBy(jwt: string, publicKey: string): boolean {
  const at = jwt.lastIndexOf('.');
  try {
    return fromPublic(publicKey).verify(Buffer.from(jwt.slice(0, at)), Buffer.from(jwt.slice(at + 1), 'base64url'));
  } catch {
    return false;
  }
}
