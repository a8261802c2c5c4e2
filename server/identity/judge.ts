/** Verdicts of a person on the identity of a device: keep it out, or say that the one that runs is the right one. */
import type * as z from 'zod';
import type { KeepOutResult } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { readBody } from '#roadchain/chain.ts';
import { trustedAgain } from '#roadchain/decide.ts';
import { type DeviceView, type Draft, headPoint, sealDraft } from '#roadchain/device-view.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { audited } from '../audit/audited.ts';
import type { Hub } from '../hub.ts';
import { askToRotate, findChain, newRequest } from './ask-rotation.ts';
import { keepRecord } from './keep-record.ts';
import { natsKeyOf } from './mint-for.ts';
import { IDENTITY_KEY, type RotateRecord } from './records.ts';
import { tell } from './tell.ts';

const CUT_PATIENCE_MS = 5_000;

export const keepOut = audited<{ name: string }, z.infer<typeof KeepOutResult>>(
  'device.keep-out',
  ({ name }) => name,
  async ({ ctx, input: { name } }) => {
    const begun = performance.now();
    const { hub, actor } = ctx;
    const view = await findChain(ctx, name);
    const { connections, tookMs, off } = await shutOut(hub, view, begun, { why: `Kept out by ${actor.user}.`, by: actor.user });
    await Promise.all([keepRecord(hub, name), withdrawTokensOf(hub, name)]);
    tell(hub, name, 'kept-out', `${displayName(name)} is kept out, by ${actor.user}.`);
    return { connections, tookMs, off };
  },
);

/**
 * The connections are cut at once, also while storage chooses who leads it; then the verdict is written, from which on the hub gives no
 * credentials; and then the keys are refused, with whatever another anchor gave out in between.
 */
async function shutOut(hub: Hub, view: DeviceView, begun: number, { why, by }: { why: string; by: string }) {
  const { guard, leaving, settings } = hub.identity;
  const { dev } = view;
  const keys = view.chain.slice(-2).map(({ pk }) => natsKeyOf(pk));
  const connections = hub.presence.connectionsOf(keys);
  const cut = whenCut(hub, keys, begun);
  leaving.add(dev);
  try {
    if (view.standing !== 'kept-out') {
      const cutting = guard
        .cutAtOnce(keys, Date.now() + settings.jwtMs)
        .catch((error: unknown) =>
          hub.log.warn({ err: error, device: dev }, 'a device could not be cut at once; it is cut when its verdict is written'),
        );
      await Promise.all([cutting, pronounce(hub, dev, { kind: 'verdict', status: 'kept-out', why }, by)]);
    }
    const results = await Promise.all(keys.map((key) => hub.revokeKey(key, { untilMs: Date.now() + settings.jwtMs })));
    const kicked = results.reduce((sum, result) => sum + result.kicked, 0);
    // A connection that another anchor let in meanwhile counts too.
    const again = kicked > 0 || hub.presence.connectionsOf(keys) > 0;
    const lastMs = again ? await whenCut(hub, keys, begun) : ((await cut) ?? (await whenCut(hub, keys, begun)));
    const off = [...new Set(results.flatMap((result) => result.off))];
    if (lastMs === undefined)
      off.push('A connection of it still stands. Its key is refused; the server cuts it when it is heard of next.');
    return { connections: Math.max(connections, kicked), tookMs: lastMs ?? Math.round(performance.now() - begun), off };
  } finally {
    leaving.delete(dev);
  }
}

/** Milliseconds since `begun` until none of these keys had a connection; undefined: one still has. */
async function whenCut(hub: Hub, keys: readonly string[], begun: number): Promise<number | undefined> {
  const gone = await hub.presence.whenGone(keys, CUT_PATIENCE_MS);
  return gone ? Math.round(performance.now() - begun) : undefined;
}

/**
 * The device that answers now is the right one: every key before is known lost, and it gets a new one at once. Of several that answer now
 * it is `holder`: the others keep nothing but a key that ends, and until then all stay narrowed.
 */
export const clearContest = audited<{ name: string; holder?: string | undefined }, void>(
  'device.clear',
  ({ name, holder }) => (holder ? `${name} #${holder.slice(0, 8)}` : name),
  async ({ ctx, input: { name, holder } }) => {
    const { hub, actor } = ctx;
    const view = await findChain(ctx, name);
    if (view.standing !== 'contested')
      throw new ProblemError(
        'conflict',
        `The identity of ${displayName(name)} is not contested.`,
        'Nothing has changed. Look at its page again.',
      );
    const { epoch, pk } = headPoint(view);
    if (holder !== undefined) return choose(hub, view, holder, actor.user);
    // Which of the two should it be?
    if (hub.presence.connectionsOf([natsKeyOf(pk)]) > 1)
      throw new ProblemError(
        'conflict',
        `Two devices are connected as ${displayName(name)} at this moment.`,
        'Nothing has changed. Say on its page which one is the right one, or keep both out.',
      );
    const why = `${actor.user} says that the device that runs now is the right one.`;
    const voidEpochs: { voidEpochs?: [number, number] } = epoch > 0 ? { voidEpochs: [0, epoch - 1] } : {};
    await pronounce(hub, name, { kind: 'verdict', status: 'cleared', why, ...voidEpochs }, actor.user);
    await keepRecord(hub, name);
    // Whoever copied the key of today has nothing tomorrow.
    const now = hub.identity.ledger.viewOf(name);
    if (now) await askToRotate(hub, now, { cause: 'operator', req: newRequest(), ends: true });
    tell(hub, name, 'contest-cleared', `${actor.user} says that ${displayName(name)} is the right one.`);
  },
);

/** It stays contested until the chosen one has its next key, so that no other has anything to win by being faster. */
async function choose(hub: Hub, view: DeviceView, holder: string, by: string): Promise<void> {
  const shown = displayName(view.dev);
  if (!hub.presence.holdersOf(natsKeyOf(headPoint(view).pk)).some((one) => one.holder === holder))
    throw new ProblemError(
      'conflict',
      `The ${shown} that you chose is not connected at this moment.`,
      'Nothing has changed. Look which ones are there now, and choose again.',
    );
  await askToRotate(hub, view, { cause: 'operator', req: newRequest(), ends: true, holder, by });
}

async function pronounce(hub: Hub, name: string, draft: Draft, by: string): Promise<void> {
  const { anchor, ledger } = hub.identity;
  await ledger.append(name, (view, seq) =>
    sealDraft(nodeCrypto, anchor.seed, view, draft, { at: new Date().toISOString(), seq, by }),
  );
}

/** After `clear`, once the right one has its next key: whoever shows an older one is refused, and only noted. */
export async function endOlderKeys(
  hub: Pick<Hub, 'identity'>,
  name: string,
  { req, holder, by }: Pick<RotateRecord, 'req' | 'holder' | 'by'>,
): Promise<void> {
  const { anchor, ledger } = hub.identity;
  const draft = (view: DeviceView): Draft => {
    const { epoch } = headPoint(view);
    if (by) return trustedAgain(by, epoch);
    const why = 'The right one has its next key: all before it are known lost.';
    return { kind: 'verdict', status: 'cleared', why, voidEpochs: [0, epoch - 1] };
  };
  const standing = holder ? 'contested' : 'active';
  await ledger.append(name, (view, seq) => {
    if (view?.standing !== standing || readBody(view.headLink).req !== req)
      throw new Error('Something else happened to its identity in between, so its older keys stay as they are.');
    return sealDraft(nodeCrypto, anchor.seed, view, draft(view), { at: new Date().toISOString(), seq });
  });
}

/** The identity of a device that is taken off the wall ends with it; a line for the same name goes on from there. */
export async function endChain(hub: Hub, name: string, by: string): Promise<void> {
  await hub.identity.ledger.whenRead;
  const view = hub.identity.ledger.viewOf(name);
  if (!view) return;
  await shutOut(hub, view, performance.now(), { why: `Taken off the wall by ${by}.`, by });
  await Promise.all([withdrawTokensOf(hub, name), keepRecord(hub, name)]);
}

async function withdrawTokensOf({ identity }: Hub, name: string): Promise<void> {
  const { joins } = identity.buckets;
  const all = await joins.list(IDENTITY_KEY.joins);
  const own = all.filter(({ value }) => value.device === name || value.bound?.dev === name);
  await Promise.all(own.map(({ key }) => joins.delete(key, { ttlSeconds: 3_600 })));
}
