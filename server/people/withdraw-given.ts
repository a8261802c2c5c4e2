/** Takes back what somebody gave to others and may not give any more: invites, and links for guests. */
import { type Grant, rightsOn, rightsOnFleet } from '#contracts/access.ts';
import { type GuestGrant, SESSION_KEY } from '../auth/accounts.ts';
import { endSessions } from '../auth/end-sessions.ts';
import { GONE } from '../auth/sessions.ts';
import type { Hub } from '../hub.ts';
import { removeInvites } from './withdraw-invite.ts';

/** `grants`: what they have from now on; empty: they are gone. */
export async function withdrawGiven(hub: Hub, user: string, grants: readonly Grant[] = []): Promise<void> {
  if (!rightsOnFleet(grants).includes('manage')) await removeInvites(hub.buckets, ({ by }) => by.user === user);
  if (rightsOnFleet(grants).includes('drive')) return;
  const { devices, guestLinks } = hub.buckets;
  const labelsOf = new Map((await devices.list()).map(({ key, value }) => [key, value.labels]));
  const isLost = ({ device, by }: GuestGrant) =>
    by.user === user && !rightsOn(grants, labelsOf.get(device) ?? {}).includes('drive');
  const links = (await guestLinks.list(SESSION_KEY.guestLinks)).filter(({ value }) => isLost(value));
  await Promise.all(links.map(({ key }) => guestLinks.delete(key, GONE)));
  await endSessions(hub, ({ guest }) => guest !== undefined && isLost(guest));
}
