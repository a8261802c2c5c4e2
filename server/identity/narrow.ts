/**
 * Takes from a device whose identity is contested what it was given before: its credentials end, its connections are cut, and whoever
 * has its key comes back with such as are for status and identity alone. Invariant: an anchor that begins to lead looks at every chain.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { DeviceView } from '#roadchain/device-view.ts';
import type { Hub } from '../hub.ts';
import { whenAborted } from '../kv/when-aborted.ts';
import { natsKeyOf } from './mint-for.ts';

const RETRY_MS = 1_000;

export async function narrowContested(hub: Hub, signal: AbortSignal): Promise<void> {
  const { ledger } = hub.identity;
  const look = (view: DeviceView | undefined) => {
    if (view?.standing === 'contested') void narrow(hub, view, signal);
  };
  const stop = ledger.onEntry((one) => {
    if (one?.entry.kind === 'verdict') look(ledger.viewOf(one.dev));
  });
  for (const view of ledger.views()) look(view);
  await whenAborted(signal);
  stop();
}

/** The key of its newest link, and the one before, whose credentials may not have ended yet. */
async function narrow(hub: Hub, { dev, chain, judgedMs }: DeviceView, signal: AbortSignal): Promise<void> {
  const { guard, settings } = hub.identity;
  const isDone = (key: string) => (guard.refusedAt(key) ?? 0) >= Math.floor(judgedMs / 1000);
  const keys = chain.slice(-2).map(({ pk }) => natsKeyOf(pk));
  while (!signal.aborted) {
    try {
      const results = await Promise.all(
        keys.filter((key) => !isDone(key)).map((key) => hub.revokeKey(key, { untilMs: Date.now() + settings.jwtMs })),
      );
      const off = results.flatMap((result) => result.off);
      if (off.length > 0) hub.log.warn({ device: dev, off }, 'a contested device keeps what it was given before');
      return;
    } catch (error) {
      hub.log.warn({ err: error, device: dev }, 'the credentials of a contested device could not be ended; trying again');
      await sleep(RETRY_MS, undefined, { signal }).catch(() => {});
    }
  }
}
