/**
 * Cuts a device off: its connections at once, also while storage chooses who leads it; then that is written down, from which on the hub
 * gives it no credentials; and then its keys are refused, with whatever another anchor gave out in between.
 */
import type * as z from 'zod';
import type { KeepOutResult } from '#contracts/api-identity.ts';
import type { Hub } from '../hub.ts';

const CUT_PATIENCE_MS = 5_000;

export interface ShutOut {
  device: string;
  /** By which it may be connected. */
  keys: readonly string[];
  /** Moment of the press, as `performance.now()` has it. */
  begun: number;
  /** Nothing that was signed for the keys lives longer; absent: it may live for ever. */
  lifeMs?: number;
  /** Absent: it is written down already. */
  write?: (() => Promise<unknown>) | undefined;
}

export async function shutOut(hub: Hub, { device, keys, begun, lifeMs, write }: ShutOut): Promise<z.infer<typeof KeepOutResult>> {
  const { guard, leaving } = hub.identity;
  const until = () => (lifeMs === undefined ? {} : { untilMs: Date.now() + lifeMs });
  const connections = hub.presence.connectionsOf(keys);
  const cut = whenCut(hub, keys, begun);
  leaving.add(device);
  try {
    if (write) {
      const cutting = guard
        .cutAtOnce(keys, until().untilMs)
        .catch((error: unknown) =>
          hub.log.warn({ err: error, device }, 'a device could not be cut at once; it is cut when that is written down'),
        );
      await Promise.all([cutting, write()]);
    }
    const results = await Promise.all(keys.map((key) => hub.revokeKey(key, until())));
    const kicked = results.reduce((sum, result) => sum + result.kicked, 0);
    // A connection that another anchor let in meanwhile counts too.
    const again = kicked > 0 || hub.presence.connectionsOf(keys) > 0;
    const lastMs = again ? await whenCut(hub, keys, begun) : ((await cut) ?? (await whenCut(hub, keys, begun)));
    const off = [...new Set(results.flatMap((result) => result.off))];
    if (lastMs === undefined)
      off.push('A connection of it still stands. Its key is refused; the server cuts it when it is heard of next.');
    return { connections: Math.max(connections, kicked), tookMs: lastMs ?? Math.round(performance.now() - begun), off };
  } finally {
    leaving.delete(device);
  }
}

/** Milliseconds since `begun` until none of these keys had a connection; undefined: one still has. */
async function whenCut(hub: Hub, keys: readonly string[], begun: number): Promise<number | undefined> {
  const gone = await hub.presence.whenGone(keys, CUT_PATIENCE_MS);
  return gone ? Math.round(performance.now() - begun) : undefined;
}
