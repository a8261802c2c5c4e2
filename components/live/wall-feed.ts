/**
 * Keeps the store true for as long as the page lives: link, subscribe, read the snapshot, and again after every loss.
 * Before a link's credentials end the next one is opened and takes over, so that nothing is missed in between.
 */
import { ProblemError } from '#contracts/problem.ts';
import { api } from './api-client.ts';
import { Driving } from './driving.ts';
import type { LiveLink } from './live-link.ts';
import type { WallLink } from './wall-link.ts';
import { readWallMessage } from './wall-message.ts';
import type { WallStore } from './wall-store.ts';

const RETRY_MS = [500, 1_000, 2_000, 4_000, 5_000];
const TICK_MS = 1_000;
const HANDOVER_MS = 3_000;
const ROUND_TRIP_EVERY_MS = 5_000;
/** A bus that owes an answer for so long is not live, whatever its connection says. */
const SILENT_MS = 8_000;

export interface WallFeed {
  retryNow(): void;
  stop(): void;
}

/** `linkOnly`: the line to one terminal and nothing of the wall, for guests. */
export function startWallFeed(store: WallStore, onSignedOut: () => void, linkOnly = false): WallFeed {
  const stopped = new AbortController();
  const { signal } = stopped;
  let wake: () => void = () => undefined;
  let lostSinceMs = 0;
  let epoch = 0;
  let renewNow: () => void = ignore;
  const driving = new Driving({ link: () => store.link, renew: () => renewNow() });

  async function run(): Promise<void> {
    let link: WallLink | undefined;
    for (let failures = 0; !signal.aborted; ) {
      try {
        const next = await open(link !== undefined);
        const before = link;
        link = next;
        epoch += 1;
        const { uid, connection, proofNeeded } = link;
        const live: LiveLink = { uid, connection, epoch, ...(proofNeeded ? { prove: (asked) => driving.reach(asked) } : {}) };
        store.setLink(live);
        driving.opened(live);
        // Sessions move over to the new link before the old one goes.
        if (before) setTimeout(() => before.close(), HANDOVER_MS);
        failures = 0;
        lostSinceMs = 0;
        if ((await holdLink(link)) === 'renew') continue;
        link = undefined;
        store.setLink(undefined);
        lose('bus', undefined);
      } catch (error) {
        if (signal.aborted) break;
        if (error instanceof ProblemError && error.code === 'unauthenticated') return onSignedOut();
        // A renewal that failed leaves the old link: it is good for a third of its life yet.
        if (link && !link.connection.isClosed()) {
          await Promise.race([sleep(RETRY_MS.at(-1)!), link.closed]);
          continue;
        }
        link = undefined;
        store.setLink(undefined);
        const silentBus = error instanceof Error && error.name === 'BusSilentError';
        // The API still knows how things were: an old wall that says so is better than an empty one.
        if (silentBus && !store.loaded && !linkOnly)
          await api.wall(signal).then((wall) => store.applySnapshot(wall, Date.now()), ignore);
        const waitMs = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]!;
        lose(silentBus ? 'bus' : 'hub', Date.now() + waitMs);
        await sleep(waitMs);
        lose(undefined, undefined);
      }
    }
    store.setLink(undefined);
    link?.close();
  }

  async function open(renewal: boolean): Promise<WallLink> {
    const { openWallLink } = await import('./wall-link.ts');
    if (linkOnly) return openWallLink(undefined, signal);
    // While the old link still hears everything, its revisions keep their order with what the new one brings.
    if (!renewal) store.beginEpoch();
    const link = await openWallLink((message) => {
      const nowMs = Date.now();
      const change = readWallMessage(message, { nowMs, offsetMs: store.clockOffsetMs });
      if (change) store.apply(change, nowMs);
    }, signal);
    try {
      store.applySnapshot(await api.wall(signal), Date.now());
    } catch (error) {
      link.close();
      throw error;
    }
    return link;
  }

  async function holdLink(link: WallLink): Promise<'renew' | 'closed'> {
    let fallSilent: () => void = ignore;
    const silent = new Promise<'closed'>((resolve) => {
      fallSilent = () => {
        link.close();
        resolve('closed');
      };
    });
    let doubt: ReturnType<typeof setTimeout> | undefined;
    const measure = () => {
      doubt ??= setTimeout(fallSilent, SILENT_MS);
      return link.connection.rtt().then((ms) => {
        clearTimeout(doubt);
        doubt = undefined;
        store.setHub({ phase: 'live', roundTripMs: Math.round(ms) });
      }, ignore);
    };
    store.setHub({ phase: 'live', roundTripMs: undefined });
    void measure();
    const measuring = setInterval(measure, ROUND_TRIP_EVERY_MS);
    try {
      const closed = link.closed.then(() => 'closed' as const);
      const asked = new Promise<'renew'>((resolve) => {
        renewNow = () => resolve('renew');
      });
      return await Promise.race([closed, silent, asked, sleep(link.renewInMs).then(() => 'renew' as const)]);
    } finally {
      clearTimeout(doubt);
      clearInterval(measuring);
    }
  }

  function lose(reason: 'hub' | 'bus' | undefined, retryAtMs: number | undefined): void {
    if (signal.aborted) return;
    lostSinceMs ||= Date.now();
    const before = store.hub.phase === 'lost' ? store.hub.reason : 'hub';
    store.setHub({ phase: 'lost', reason: reason ?? before, sinceMs: lostSinceMs, retryAtMs });
  }

  /** Ends early when somebody asks, when the network comes back, or when the feed stops. */
  function sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  const retryNow = () => {
    if (store.hub.phase === 'lost') wake();
  };
  const ticking = setInterval(() => store.tick(Date.now()), TICK_MS);
  window.addEventListener('online', retryNow);
  void run();

  return {
    retryNow,
    stop: () => {
      stopped.abort();
      clearInterval(ticking);
      window.removeEventListener('online', retryNow);
      wake();
    },
  };
}

const ignore = () => undefined;
