/**
 * Refuses the old key of a device once its new one is connected, or after a while. Invariants: a key is refused at the latest
 * `retireMs` after the next one was sealed; an anchor that begins to lead looks at every chain, so none is forgotten.
 */
import { readSeal } from '#roadchain/chain.ts';
import { type DeviceView, headPoint } from '#roadchain/device-view.ts';
import type { Hub } from '../hub.ts';
import { whenAborted } from '../kv/when-aborted.ts';
import { natsKeyOf } from './mint-for.ts';

export async function retireKeys(hub: Hub, signal: AbortSignal): Promise<void> {
  const { ledger, settings, guard } = hub.identity;
  /** New key -> its device. */
  const awaited = new Map<string, string>();
  const timers = new Set<NodeJS.Timeout>();

  /** Refused since the next key was sealed: not only narrowed before, when its device was contested. */
  const isOver = (view: DeviceView, old: string) => {
    const at = guard.refusedAt(old);
    return at !== undefined && at > Math.floor(Date.parse(readSeal(view.headLink.seal).at) / 1000);
  };
  const retire = (key: string) => {
    const device = awaited.get(key);
    const view = device === undefined ? undefined : ledger.viewOf(device);
    if (!awaited.delete(key) || !view) return;
    const old = oldKeyOf(view, key);
    if (!old || isOver(view, old)) return;
    hub
      .revokeKey(old, { untilMs: Date.now() + settings.jwtMs })
      .then(({ off }) => off.length > 0 && hub.log.debug({ device, off }, 'the old key of a device was not fully revoked'))
      .catch((error: unknown) =>
        hub.log.warn({ err: error, device }, 'the old key of a device could not be refused; its credentials end by themselves'),
      );
  };
  const expect = (view: DeviceView) => {
    const [before] = view.chain.slice(-2, -1);
    const sealedAtMs = Date.parse(readSeal(view.headLink.seal).at);
    // What was signed for the old key has ended by itself.
    if (!before || Date.now() > sealedAtMs + settings.jwtMs + settings.retireMs) return;
    const key = natsKeyOf(headPoint(view).pk);
    awaited.set(key, view.dev);
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        retire(key);
      },
      Math.max(0, sealedAtMs + settings.retireMs - Date.now()),
    );
    timers.add(timer);
    if (hub.presence.connectionsOf([key]) > 0) retire(key);
  };

  const stopEntries = ledger.onEntry((one) => {
    const view = one?.entry.kind === 'link' ? ledger.viewOf(one.dev) : undefined;
    if (view) expect(view);
  });
  const stopConnects = hub.presence.onConnect(retire);
  for (const view of ledger.views()) expect(view);
  await whenAborted(signal);
  stopEntries();
  stopConnects();
  for (const timer of timers) clearTimeout(timer);
}

/** The key before `key`, in the chain it belongs to. */
function oldKeyOf(view: DeviceView, key: string): string | undefined {
  const at = view.chain.findLastIndex(({ pk }) => natsKeyOf(pk) === key);
  return at > 0 ? natsKeyOf(view.chain[at - 1]!.pk) : undefined;
}
