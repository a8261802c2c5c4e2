/** Asks devices for their next key. Asking is a record; a device is done when its chain no longer ends where the record says. */
import { randomBytes } from 'node:crypto';
import type * as z from 'zod';
import type { RotateAllResult } from '#contracts/api-identity.ts';
import { displayName } from '#contracts/device.ts';
import { ProblemError } from '#contracts/problem.ts';
import { type DeviceView, headPoint } from '#roadchain/device-view.ts';
import { audited } from '../audit/audited.ts';
import { reachDevice } from '../auth/reach.ts';
import type { Context, Hub } from '../hub.ts';
import { IDENTITY_KEY, type RotateRecord } from './records.ts';

/** Who was off for so long is asked anew by the schedule. */
const KEPT_SECONDS = 30 * 86_400;
const AT_ONCE = 32;

export async function askToRotate(
  { identity }: Pick<Hub, 'identity'>,
  view: DeviceView,
  asked: Pick<RotateRecord, 'cause' | 'req' | 'ends' | 'holder' | 'by'>,
): Promise<void> {
  const record: RotateRecord = { ...asked, head: headPoint(view).head, at: new Date().toISOString() };
  await identity.buckets.rotates.put(IDENTITY_KEY.rotate(view.dev), record, { ttlSeconds: KEPT_SECONDS });
}

export const newRequest = (): string => randomBytes(8).toString('hex');

/** The chain of a device on the wall, or the problem that it has none. */
export async function findChain(ctx: Context, name: string): Promise<DeviceView> {
  const { hub } = ctx;
  await reachDevice(ctx, name, 'manage');
  await hub.identity.ledger.whenRead;
  const view = hub.identity.ledger.viewOf(name);
  if (view) return view;
  throw new ProblemError(
    'conflict',
    `${displayName(name)} has no identity of its own: it uses a key that somebody carried to it.`,
    'Nothing has changed. Make new credentials for it, or let it join with a line of its own.',
  );
}

export const rotateDevice = audited<{ name: string }, z.infer<typeof RotateAllResult>>(
  'device.rotate',
  ({ name }) => name,
  async ({ ctx, input: { name } }) => {
    const { hub } = ctx;
    const view = await findChain(ctx, name);
    if (view.standing !== 'active')
      throw new ProblemError(
        'conflict',
        `The identity of ${displayName(name)} is ${view.standing === 'contested' ? 'contested' : 'kept out'}.`,
        'Nothing has changed. Resolve that first, on its page.',
      );
    const req = newRequest();
    await askToRotate(hub, view, { cause: 'operator', req });
    return { req, devices: [name] };
  },
);

export const rotateAll = audited<undefined, z.infer<typeof RotateAllResult>>(
  'identity.rotate-all',
  () => 'fleet',
  async ({ ctx: { hub } }) => {
    await hub.identity.ledger.whenRead;
    const req = newRequest();
    const views = hub.identity.ledger.views().filter(({ standing }) => standing === 'active');
    for (let at = 0; at < views.length; at += AT_ONCE)
      await Promise.all(views.slice(at, at + AT_ONCE).map((view) => askToRotate(hub, view, { cause: 'operator', req })));
    return { req, devices: views.map(({ dev }) => dev).sort() };
  },
);
