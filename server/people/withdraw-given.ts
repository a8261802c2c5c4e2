/** Takes back what somebody gave to others and may not give any more: invites, and links for guests. */
import { may, type Role } from '#contracts/access.ts';
import { SESSION_KEY } from '../auth/accounts.ts';
import { endSessions } from '../auth/end-sessions.ts';
import { GONE } from '../auth/sessions.ts';
import type { Hub } from '../hub.ts';
import { removeInvites } from './withdraw-invite.ts';

/** `role`: what they have from now on; absent: they are gone. */
export async function withdrawGiven(hub: Hub, user: string, role?: Role): Promise<void> {
  if (!role || !may(role, 'manage')) await removeInvites(hub.buckets, ({ by }) => by.user === user);
  if (role && may(role, 'drive')) return;
  const { guestLinks } = hub.buckets;
  const links = (await guestLinks.list(SESSION_KEY.guestLinks)).filter(({ value }) => value.by.user === user);
  await Promise.all(links.map(({ key }) => guestLinks.delete(key, GONE)));
  await endSessions(hub, ({ guest }) => guest?.by.user === user);
}
