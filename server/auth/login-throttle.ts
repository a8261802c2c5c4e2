/**
 * Slows guessing down: each source waits longer and longer, and attempts on one account from many sources are answered later and later.
 * Invariants: an attempt counts before it is checked, so that many at once do not slip through together; a source that waits long enough
 * always gets another attempt; what strangers do to an account makes its person wait seconds at most, and nothing where they signed in
 * before.
 */
import { isIPv6 } from 'node:net';

const FREE_ATTEMPTS = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const FORGET_AFTER_MS = 15 * 60_000;
const MOST_SOURCES = 10_000;
const FREE_ON_ACCOUNT = 10;
const FIRST_HOLD_MS = 250;
const LONGEST_HOLD_MS = 8_000;

export class LoginThrottle {
  readonly #attempts = new Map<string, { count: number; lastMs: number }>();

  readonly #onAccount = new Map<string, { count: number; lastMs: number }>();
  /** Account and source of those who signed in. */
  readonly #known = new Map<string, true>();

  /** Milliseconds to wait; 0 lets the attempt through and counts it. */
  begin(address: string, nowMs: number): number {
    const source = sourceOf(address);
    const known = this.#attempts.get(source);
    const { count, lastMs } = known && nowMs - known.lastMs < FORGET_AFTER_MS ? known : { count: 0, lastMs: nowMs };
    const waitMs = count < FREE_ATTEMPTS ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (count - FREE_ATTEMPTS), LONGEST_WAIT_MS);
    const leftMs = lastMs + waitMs - nowMs;
    if (leftMs > 0) return leftMs;
    remember(this.#attempts, source, { count: count + 1, lastMs: nowMs });
    return 0;
  }

  /** Milliseconds to hold the answer back: of an attempt on an account that many guess at. The same for names that are not here. */
  hold(account: string, address: string, nowMs: number): number {
    if (this.#known.has(`${account} ${sourceOf(address)}`)) return 0;
    const known = this.#onAccount.get(account);
    const count = known && nowMs - known.lastMs < FORGET_AFTER_MS ? known.count : 0;
    remember(this.#onAccount, account, { count: count + 1, lastMs: nowMs });
    return count < FREE_ON_ACCOUNT ? 0 : Math.min(FIRST_HOLD_MS * 2 ** (count - FREE_ON_ACCOUNT), LONGEST_HOLD_MS);
  }

  succeeded(address: string, account?: string): void {
    const source = sourceOf(address);
    this.#attempts.delete(source);
    if (account !== undefined) remember(this.#known, `${account} ${source}`, true);
  }
}

/** The map keeps the order of insertion: the first is the one not heard of for the longest time. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_SOURCES) map.delete(map.keys().next().value!);
}

/** Whoever has an IPv6 address has the whole /64 around it. */
export function sourceOf(address: string): string {
  if (!isIPv6(address) || address.toLowerCase().startsWith('::ffff:')) return address;
  const [head = '', tail = ''] = address.split('::');
  const groups = head.split(':').filter(Boolean);
  const missing = 8 - groups.length - tail.split(':').filter(Boolean).length;
  const all = [...groups, ...Array<string>(Math.max(0, missing)).fill('0'), ...tail.split(':').filter(Boolean)];
  return `${all.slice(0, 4).join(':')}::/64`;
}
