/** Verdicts of a person on the identity of a device: keep it out, or say that the one that runs is the right one. */
import type * as z from 'zod';
import type { KeepOutResult } from '#contracts/api-identity.ts';
import { type Device, displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { readBody } from '#roadchain/chain.ts';
import { trustedAgain } from '#roadchain/decide-rotation.ts';
import { type DeviceView, type Draft, headPoint, sealDraft } from '#roadchain/device-view.ts';
import { nodeCrypto } from '#roadchain/node/crypto.ts';
import { audited } from '../audit/audited.ts';
import { reachDevice } from '../auth/reach.ts';
import type { Hub } from '../hub.ts';
import { changed } from '../kv/changed.ts';
import { askToRotate, findChain, newRequest } from './ask-rotation.ts';
import { keepRecord } from './keep-record.ts';
import { natsKeyOf } from './mint-for.ts';
import { IDENTITY_KEY, type RotateRecord } from './records.ts';
import { shutOut } from './shut-out.ts';
import { tell } from './tell.ts';

export const keepOut = audited<{ name: string }, z.infer<typeof KeepOutResult>>(
  'device.keep-out',
  ({ name }) => name,
  async ({ ctx, input: { name } }) => {
    const begun = performance.now();
    const { hub, actor } = ctx;
    const { value: device } = await reachDevice(ctx, name, 'manage');
    await hub.identity.ledger.whenRead;
    const view = hub.identity.ledger.viewOf(name);
    const why = `Kept out by ${actor.user}.`;
    const result = view ? await shutOutChain(hub, view, begun, why, actor.user) : await shutOutCarried(hub, device, begun, why);
    await Promise.all([keepRecord(hub, name), withdrawTokensOf(hub, name)]);
    tell(hub, name, 'kept-out', `${displayName(name)} is kept out, by ${actor.user}.`);
    return result;
  },
);

function shutOutChain(hub: Hub, view: DeviceView, begun: number, why: string, by: string) {
  const { dev: device, chain, standing } = view;
  const keys = chain.slice(-2).map(({ pk }) => natsKeyOf(pk));
  const write = () => pronounce(hub, device, { kind: 'verdict', status: 'kept-out', why }, by);
  const isOut = standing === 'kept-out';
  return shutOut(hub, { device, keys, begun, lifeMs: hub.identity.settings.jwtMs, write: isOut ? undefined : write });
}

/** It has no chain to write a verdict into: its record says so, and its one key is refused for ever. */
function shutOutCarried(hub: Hub, { name, publicKey }: Device, begun: number, why: string) {
  if (!publicKey)
    throw new ProblemError(
      'conflict',
      `${displayName(name)} uses a password that others have too, so it cannot be kept out alone.`,
      'Nothing has changed. Let the others join with a line of their own, then change that password.',
    );
  const write = async () => {
    const out = await changed(hub.buckets.devices, name, (before) => ({
      ...before,
      standing: 'kept-out' as const,
      standingWhy: why,
    }));
    // One that its provider vouched for meanwhile.
    if (out?.publicKey && out.publicKey !== publicKey) await hub.revokeKey(out.publicKey);
  };
  return shutOut(hub, { device: name, keys: [publicKey], begun, write });
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
        'Nothing has changed. Choose one of them on its page; if they are not shown there, keep both out, then take the right one back.',
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
  if (!hub.presence.isAbout(natsKeyOf(headPoint(view).pk), holder))
    throw new ProblemError(
      'conflict',
      `The ${shown} that you chose is not there any more.`,
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
  await shutOutChain(hub, view, performance.now(), `Taken off the wall by ${by}.`, by);
  await Promise.all([withdrawTokensOf(hub, name), keepRecord(hub, name)]);
}

async function withdrawTokensOf({ identity }: Hub, name: string): Promise<void> {
  const { joins } = identity.buckets;
  const all = await joins.list(IDENTITY_KEY.joins);
  const own = all.filter(({ value }) => value.device === name || value.bound?.dev === name);
  await Promise.all(own.map(({ key }) => joins.delete(key, { ttlSeconds: 3_600 })));
}
