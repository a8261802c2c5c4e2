/**
 * Slows guessing down, one source at a time: a stranger's failures never keep the owner out. Invariants:
 * - an attempt counts before it is checked, so that many at once do not slip through together;
 * - a source that waits long enough always gets another attempt.
 */
import { isIPv6 } from 'node:net';

const FREE_ATTEMPTS = 5;
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
const FORGET_AFTER_MS = 15 * 60_000;
const MOST_SOURCES = 10_000;

export class LoginThrottle {
  readonly #attempts = new Map<string, { count: number; lastMs: number }>();

  /** Milliseconds to wait; 0 lets the attempt through and counts it. */
  begin(address: string, nowMs: number): number {
    const source = sourceOf(address);
    const known = this.#attempts.get(source);
    const { count, lastMs } = known && nowMs - known.lastMs < FORGET_AFTER_MS ? known : { count: 0, lastMs: nowMs };
    const waitMs = count < FREE_ATTEMPTS ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (count - FREE_ATTEMPTS), LONGEST_WAIT_MS);
    const leftMs = lastMs + waitMs - nowMs;
    if (leftMs > 0) return leftMs;
    this.#attempts.delete(source);
    this.#attempts.set(source, { count: count + 1, lastMs: nowMs });
    // The map keeps the order of insertion: the first is the one not heard of for the longest time.
    if (this.#attempts.size > MOST_SOURCES) this.#attempts.delete(this.#attempts.keys().next().value!);
    return 0;
  }

  succeeded(address: string): void {
    this.#attempts.delete(sourceOf(address));
  }
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
