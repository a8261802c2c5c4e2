/** The identity of a device as its page shows it: how it proves itself, its chain, and what the fleet says of it. */
import type { DeviceIdentity } from '#contracts/api-identity.ts';
import { type DeviceView, headPoint } from '#roadchain/device-view.ts';
import { reachDevice } from '../auth/reach.ts';
import type { Context, Hub } from '../hub.ts';
import { isRotating } from './identity.ts';
import { natsKeyOf } from './mint-for.ts';

const MOST_ENTRIES = 256;
/** One agent can connect under as many names as it likes; whoever was there before it is shown before it. */
const MOST_HOLDERS = 16;

export async function describeIdentity({
  ctx,
  input: { name },
}: {
  ctx: Context;
  input: { name: string };
}): Promise<DeviceIdentity> {
  const { identity, desk, fleet } = ctx.hub;
  const { value: device } = await reachDevice(ctx, name, 'see');
  await identity.ledger.whenRead;
  const anchor = identity.anchor.publicKey;
  const view = identity.ledger.viewOf(name);
  const reported = fleet.statuses.entries.get(name)?.value.agent.credentials;
  if (!view) {
    const carried = device.publicKey ? 'creds' : 'toml-shared';
    const source = reported === undefined || reported === 'roadchain' ? carried : reported;
    const { standing = 'active', standingWhy: why } = device;
    return { device: name, source, standing, ...(why ? { why } : {}), entries: [], anchor };
  }
  const { head, epoch } = headPoint(view);
  const tickedMs = desk.seenMs(name);
  return {
    device: name,
    source: 'roadchain',
    standing: view.standing,
    ...(view.why && view.standing !== 'active' ? { why: view.why } : {}),
    head,
    epoch,
    ...(tickedMs ? { lastTickAt: new Date(tickedMs).toISOString() } : {}),
    rotating: isRotating(identity, name),
    ...(view.standing === 'contested' ? holders(ctx.hub, view) : {}),
    entries: (await identity.ledger.entriesOf(name)).slice(-MOST_ENTRIES),
    anchor,
  };
}

/** Whoever has its key and is there, for a person to choose from; and whom they chose. */
function holders({ presence, identity }: Hub, view: DeviceView): Pick<DeviceIdentity, 'holders' | 'chosen'> {
  const { pk, head } = headPoint(view);
  const asked = identity.asked.entries.get(`rotate.${view.dev}`);
  return {
    holders: presence
      .holdersOf(natsKeyOf(pk))
      .slice(0, MOST_HOLDERS)
      .map(({ holder, address, sinceMs }, index) => ({
        holder,
        ...(address ? { address } : {}),
        connectedSince: new Date(sinceMs).toISOString(),
        current: index === 0,
      })),
    ...(asked?.holder && asked.head === head ? { chosen: asked.holder } : {}),
  };
}
